package dev.steward.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// Answers the terminal's requests from a script, one answer after the other for each route; keeps what was asked.
final class FakeServer implements AutoCloseable {

    /// One request as it came.
    record Asked(
            String method,
            String path,
            String query,
            String key,
            String lastEventId,
            String authorization,
            String body) {}

    /// One answer.
    ///
    /// @param cut whether the connection breaks after the body
    record Reply(int status, String type, String body, boolean cut) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    FakeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static Reply json(int status, String body) {
        return new Reply(status, "application/json", body, false);
    }

    static Reply events(String body) {
        return new Reply(200, "text/event-stream", body, false);
    }

    static Reply cutEvents(String body) {
        return new Reply(200, "text/event-stream", body, true);
    }

    /// The last reply is repeated.
    void on(String path, Reply... replies) {
        Deque<Reply> script = new ArrayDeque<>(List.of(replies));
        server.createContext(path, exchange -> {
            Reply reply;
            synchronized (script) {
                reply = script.size() > 1 ? script.remove() : script.element();
            }
            asked.add(read(exchange));
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    reply.status(), reply.cut() ? body.length + 100 : body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
            if (reply.cut()) {
                throw new IOException("cut");
            }
            exchange.close();
        });
    }

    private static Asked read(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                String.valueOf(exchange.getRequestURI().getRawQuery()),
                header(exchange, "Idempotency-Key"),
                header(exchange, "Last-Event-ID"),
                header(exchange, "Authorization"),
                body);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
