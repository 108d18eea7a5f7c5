package dev.steward.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/// What `http` tasks call: counts the requests of each idempotency key.
final class Receiver implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/effect";
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            requests.merge(key == null ? "" : key, 1, Integer::sum);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    int requestsOf(String key) {
        return requests.getOrDefault(key, 0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
