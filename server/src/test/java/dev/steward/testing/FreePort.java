package dev.steward.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that tests start as processes of their own, and start again on the same port.
///
/// A port the system itself would give (`bind` to 0) may go to any connection before that server listens. These lie
/// below what systems give out by themselves, so only another test that chooses at the same moment could take one.
public final class FreePort {

    private static final int LOWEST = 15_000;
    private static final int BELOW = 32_000;
    private static final int TRIES = 100;

    private FreePort() {}

    /// A port of loopback on which nobody listens.
    public static int choose() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException _) {
                // Somebody listens there.
            }
        }
        throw new AssertionError("no free port in " + TRIES + " tries");
    }
}
