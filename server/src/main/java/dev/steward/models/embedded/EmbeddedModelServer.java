package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// The OpenAI-compatible door of the built-in model, on a free port of the loopback address, behind a random token:
/// `GET /health`, `GET /v1/models`, `POST /v1/chat/completions`.
///
/// While nothing is to be said it still writes, comments into a stream and blanks before a plain answer: so it learns
/// that a caller hung up, also while a long prompt is read, and frees the engine.
final class EmbeddedModelServer implements AutoCloseable {

    /// Largest body: far more text than the largest context holds.
    static final int BODY_BYTES_MAX = 1024 * 1024;

    /// Longest silence before a sign of life is written.
    static final Duration SIGN_OF_LIFE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedModelServer.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final EngineAccess engine;
    private final String token;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    EmbeddedModelServer(EngineAccess engine, String token, InstantSource clock, Supplier<String> ids)
            throws IOException {
        this.engine = requireNonNull(engine, "engine");
        this.token = requireNonNull(token, "token");
        this.clock = requireNonNull(clock, "clock");
        this.ids = requireNonNull(ids, "ids");
        // Without it every streamed token would wait for the acknowledgement of the one before.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/health", exchange -> guarded(exchange, "GET", this::health));
        server.createContext("/v1/models", exchange -> guarded(exchange, "GET", this::models));
        server.createContext("/v1/chat/completions", exchange -> guarded(exchange, "POST", this::chat));
        server.createContext("/", exchange -> guarded(exchange, exchange.getRequestMethod(), this::unknown));
        server.start();
    }

    /// Where it is; the protocol's own paths follow.
    URI url() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://127.0.0.1:" + address.getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private interface Page {
        void serve(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void guarded(HttpExchange exchange, String method, Page page) throws IOException {
        try (exchange) {
            if (!authorized(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                error(exchange, 401, "invalid_api_key", null, "The token is missing or wrong.");
            } else if (!exchange.getRequestMethod().equals(method)) {
                exchange.getResponseHeaders().set("Allow", method);
                error(exchange, 405, "method_not_allowed", null, "Use " + method + ".");
            } else {
                page.serve(exchange);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the built-in model's door failed at a request");
        }
    }

    private boolean authorized(HttpExchange exchange) {
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    private void health(HttpExchange exchange) throws IOException {
        boolean able = engine.able();
        send(exchange, able ? 200 : 503, Map.of("status", able ? "ok" : "unavailable"));
    }

    private void models(HttpExchange exchange) throws IOException {
        Map<String, Object> model = Map.of(
                "id", engine.modelName(),
                "object", "model",
                "owned_by", "steward",
                "context_length", engine.contextTokens(),
                "meta", Map.of("n_ctx", engine.contextTokens()));
        send(exchange, 200, Map.of("object", "list", "data", List.of(model)));
    }

    private void unknown(HttpExchange exchange) throws IOException {
        error(exchange, 404, "not_found", null, "There is nothing here.");
    }

    private void chat(HttpExchange exchange) throws IOException, InterruptedException {
        byte[] bytes = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            error(exchange, 413, "request_too_large", null, "At most " + BODY_BYTES_MAX + " bytes.");
            return;
        }
        ChatBody body;
        try {
            body = ChatBody.parse(bytes, engine.contextTokens());
        } catch (ChatBody.BadBodyException e) {
            error(exchange, 400, "invalid_request", e.param(), String.valueOf(e.getMessage()));
            return;
        }
        try (EngineAnswer answer = new PendingAnswer(engine, body.request())) {
            var head = new Head("chatcmpl-" + ids.get(), clock.instant().getEpochSecond(), engine.modelName());
            if (body.stream()) {
                stream(exchange, answer, head, body.includeUsage());
            } else {
                plain(exchange, answer, head);
            }
        }
    }

    private static void unavailable(HttpExchange exchange, EngineEvent.Unavailable no) throws IOException {
        long seconds = Math.max(1, no.retryAfter().toSeconds());
        exchange.getResponseHeaders().set("Retry-After", Long.toString(seconds));
        error(exchange, status(no), code(no), null, no.message());
    }

    private static int status(EngineEvent.Unavailable no) {
        return no.full() ? 429 : 503;
    }

    private static String code(EngineEvent.Unavailable no) {
        return no.full() ? "rate_limit_exceeded" : "unavailable";
    }

    /// What every object of one answer begins with.
    private record Head(String id, long created, String model) {

        Map<String, Object> with(String object, Map<String, Object> more) {
            var all = new java.util.LinkedHashMap<String, Object>();
            all.put("id", id);
            all.put("object", object);
            all.put("created", created);
            all.put("model", model);
            all.putAll(more);
            return all;
        }
    }

    private void plain(HttpExchange exchange, EngineAnswer answer, Head head) throws IOException, InterruptedException {
        var text = new StringBuilder();
        @Nullable OutputStream begun = null;
        while (true) {
            Optional<EngineEvent> event = answer.next(SIGN_OF_LIFE);
            boolean last = event.map(EngineEvent::last).orElse(false);
            if (!last && (begun != null || !(event.orElse(null) instanceof EngineEvent.Text))) {
                // JSON may begin with blanks. From here on the status is 200, so a later failure cuts the body short.
                begun = begun == null ? begin(exchange, "application/json") : begun;
                begun.write(' ');
                begun.flush();
            }
            switch (event.orElse(null)) {
                case null -> {}
                case EngineEvent.Reading _ -> {}
                case EngineEvent.Text(String piece) -> text.append(piece);
                case EngineEvent.Done done -> {
                    finish(
                            exchange,
                            begun,
                            head.with(
                                    "chat.completion",
                                    Map.of(
                                            "choices",
                                            List.of(Map.of(
                                                    "index", 0,
                                                    "message", Map.of("role", "assistant", "content", text.toString()),
                                                    "finish_reason", done.finish())),
                                            "usage",
                                            usage(done))));
                    return;
                }
                case EngineEvent.Unavailable no -> {
                    if (begun == null) {
                        unavailable(exchange, no);
                    } else {
                        failPlain(exchange, begun, status(no), code(no), no.message());
                    }
                    return;
                }
                case EngineEvent.Refused(String code, String message) -> {
                    failPlain(exchange, begun, 400, code, message);
                    return;
                }
                case EngineEvent.Failed(String message) -> {
                    failPlain(exchange, begun, 500, "engine_failed", message);
                    return;
                }
            }
        }
    }

    private static void finish(HttpExchange exchange, @Nullable OutputStream begun, Object value) throws IOException {
        if (begun == null) {
            send(exchange, 200, value);
        } else {
            begun.write(JSON.writeValueAsBytes(value));
            begun.close();
        }
    }

    private static void failPlain(
            HttpExchange exchange, @Nullable OutputStream begun, int status, String code, String message)
            throws IOException {
        if (begun == null) {
            error(exchange, status, code, null, message);
        } else {
            // The status is gone; an error object is what clients of this API look for in a 200.
            begun.write(JSON.writeValueAsBytes(errorBody(status, code, null, message)));
            begun.close();
        }
    }

    private void stream(HttpExchange exchange, EngineAnswer answer, Head head, boolean includeUsage)
            throws IOException, InterruptedException {
        // The first event decides the status: a refusal is a 400, not a broken stream. It is waited for in silence only
        // as long as a sign of life may take.
        Optional<EngineEvent> first = answer.next(SIGN_OF_LIFE);
        if (first.orElse(null) instanceof EngineEvent.Refused(String code, String message)) {
            error(exchange, 400, code, null, message);
            return;
        }
        if (first.orElse(null) instanceof EngineEvent.Failed(String message)) {
            error(exchange, 500, "engine_failed", null, message);
            return;
        }
        if (first.orElse(null) instanceof EngineEvent.Unavailable no) {
            unavailable(exchange, no);
            return;
        }
        try (OutputStream out = begin(exchange, "text/event-stream")) {
            data(out, head.with("chat.completion.chunk", choice(Map.of("role", "assistant", "content", ""), null)));
            Optional<EngineEvent> event = first;
            while (true) {
                switch (event.orElse(null)) {
                    case null -> comment(out, "");
                    case EngineEvent.Reading(int read, int total) -> comment(out, "reading " + read + " " + total);
                    case EngineEvent.Unavailable no -> {
                        data(out, errorBody(status(no), code(no), null, no.message()));
                        return;
                    }
                    case EngineEvent.Text(String piece) ->
                        data(out, head.with("chat.completion.chunk", choice(Map.of("content", piece), null)));
                    case EngineEvent.Done done -> {
                        data(out, head.with("chat.completion.chunk", choice(Map.of(), done.finish())));
                        if (includeUsage) {
                            data(
                                    out,
                                    head.with(
                                            "chat.completion.chunk",
                                            Map.of("choices", List.of(), "usage", usage(done))));
                        }
                        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
                        return;
                    }
                    case EngineEvent.Refused(String code, String message) -> {
                        data(out, errorBody(400, code, null, message));
                        return;
                    }
                    case EngineEvent.Failed(String message) -> {
                        data(out, errorBody(500, "engine_failed", null, message));
                        return;
                    }
                }
                event = answer.next(SIGN_OF_LIFE);
            }
        }
    }

    private static Map<String, Object> choice(Map<String, Object> delta, @Nullable String finish) {
        var choice = new java.util.LinkedHashMap<String, @Nullable Object>();
        choice.put("index", 0);
        choice.put("delta", delta);
        choice.put("finish_reason", finish);
        return Map.of("choices", List.of(choice));
    }

    private static Map<String, Object> usage(EngineEvent.Done done) {
        return Map.of(
                "prompt_tokens", done.promptTokens(),
                "completion_tokens", done.completionTokens(),
                "total_tokens", done.promptTokens() + done.completionTokens());
    }

    /// Clients pass comments over; the gateway takes `reading` as a sign that the prompt makes progress.
    private static void comment(OutputStream out, String text) throws IOException {
        out.write((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void data(OutputStream out, Object value) throws IOException {
        out.write(("data: " + JSON.writeValueAsString(value) + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static OutputStream begin(HttpExchange exchange, String contentType) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void send(HttpExchange exchange, int status, Object value) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(value);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void error(HttpExchange exchange, int status, String code, @Nullable String param, String message)
            throws IOException {
        send(exchange, status, errorBody(status, code, param, message));
    }

    /// The error object of the OpenAI API.
    private static Map<String, Object> errorBody(int status, String code, @Nullable String param, String message) {
        var error = new java.util.LinkedHashMap<String, @Nullable Object>();
        error.put("message", message);
        error.put("type", status >= 500 ? "server_error" : "invalid_request_error");
        error.put("param", param);
        error.put("code", code);
        return Map.of("error", error);
    }
}
