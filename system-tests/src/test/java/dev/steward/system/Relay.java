package dev.steward.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/// A lasting address for a server whose own port changes with each start. Safe for use by many threads.
final class Relay implements AutoCloseable {

    private final ServerSocket door;
    private final IntSupplier target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// @param target the server's port now, or 0 while there is none
    Relay(IntSupplier target) throws IOException {
        this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        this.target = target;
        Thread.ofPlatform().name("relay").daemon(true).start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Cuts every connection, as a network does.
    void cut() {
        open.forEach(Relay::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                // Closed, or a client that was gone before it was taken.
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        int port = target.getAsInt();
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(server);
            Thread back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
            open.remove(server);
        } catch (IOException | IllegalArgumentException _) {
            // Nobody is there; the client sees its connection end.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // One side has ended, so the other does.
        }
        close(from);
        close(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone all the same.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
