package dev.steward;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Where the server of a data directory listens, as a file in it: the terminal finds it there also when the port was
/// chosen on the command line, or by the system.
public final class ServerAddress {

    private static final String FILE = "server.url";

    /// Longer than any address that a server writes.
    private static final int CHARS_MAX = 300;

    private ServerAddress() {}

    /// Never half: a reader finds the old address or the new one.
    static void write(Path home, URI address) throws IOException {
        Path next = home.resolve(FILE + ".new");
        Files.writeString(next, address + "\n");
        Files.move(next, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void forget(Path home) throws IOException {
        Files.deleteIfExists(home.resolve(FILE));
    }

    /// The address of the server that runs on this data directory, or ran there until it was killed; empty when none
    /// does.
    ///
    /// @return ends with a slash
    public static Optional<URI> of(Path home) {
        try {
            Path file = home.resolve(FILE);
            if (!Files.isReadable(file) || Files.size(file) > CHARS_MAX) {
                return Optional.empty();
            }
            URI address = URI.create(Files.readString(file).strip() + "/");
            return "http".equals(address.getScheme()) && address.getHost() != null
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
