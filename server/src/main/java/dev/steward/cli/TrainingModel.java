package dev.steward.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/// The smallest model server that speaks the OpenAI-compatible API, so that a training run goes all the way of an
/// answer. On 127.0.0.1, for [TrainCommand] only.
final class TrainingModel implements AutoCloseable {

    private static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"trainer\",\"object\":\"model\"}]}";
    private static final String WHOLE = """
            {"id":"1","object":"chat.completion","model":"trainer","choices":[{"index":0,"finish_reason":"stop",\
            "message":{"role":"assistant","content":"Four."}}],"usage":{"prompt_tokens":9,"completion_tokens":2,\
            "total_tokens":11}}""";
    private static final String STREAM = """
            data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Fo"}}]}

            data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"ur."},\
            "finish_reason":"stop"}]}

            data: {"id":"1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":9,\
            "completion_tokens":2,"total_tokens":11}}

            data: [DONE]

            """;

    private final HttpServer server;

    TrainingModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> answer(exchange, "application/json", MODELS));
        server.createContext("/v1/chat/completions", TrainingModel::complete);
        server.start();
    }

    /// The setting `backends` with this server as its only one.
    String backends() {
        return "[{\"name\": \"training\", \"kind\": \"openai\", \"url\": \"http://127.0.0.1:"
                + server.getAddress().getPort() + "/v1\"}]";
    }

    private static void complete(HttpExchange exchange) throws IOException {
        String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (question.replace(" ", "").contains("\"stream\":true")) {
            answer(exchange, "text/event-stream", STREAM);
        } else {
            answer(exchange, "application/json", WHOLE);
        }
    }

    private static void answer(HttpExchange exchange, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
