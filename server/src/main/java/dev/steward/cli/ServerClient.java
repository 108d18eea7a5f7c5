package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Version;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Steward's HTTP API, as a terminal needs it. Every request that changes something carries an idempotency key, so that
/// it can be sent again when the answer got lost: nothing happens twice.
///
/// A broken connection, 502, 503 and 429 are tried again for [#RETRY_FOR], after as long as the server says; the very
/// first connection is not, because then no server runs. Safe for use by many threads.
final class ServerClient implements AutoCloseable {

    /// Longer than a restart of the server takes.
    static final Duration RETRY_FOR = Duration.ofSeconds(60);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI base;
    private final Optional<String> token;
    private final Console console;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private volatile boolean reached;

    ServerClient(URI base, Optional<String> token, Console console) {
        this.base = requireNonNull(base, "base");
        this.token = requireNonNull(token, "token");
        this.console = requireNonNull(console, "console");
    }

    URI base() {
        return base;
    }

    JsonNode get(String path) {
        return send(() -> request(path).GET());
    }

    /// A list as CSV.
    ///
    /// @param next the cursor of the next part; empty at the end
    record Csv(String text, String next) {}

    Csv csv(String path) {
        HttpResponse<String> response =
                exchange(() -> request(path).header("Accept", "text/csv").GET());
        return new Csv(
                response.body(), response.headers().firstValue("X-Next-Cursor").orElse(""));
    }

    JsonNode delete(String path) {
        return send(() -> request(path).DELETE());
    }

    JsonNode post(String path, Map<String, ?> body) {
        String key = UUID.randomUUID().toString();
        String json = JSON.writeValueAsString(body);
        return send(() -> request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(json)));
    }

    /// Opens a stream of events; it may break at any time, which the caller mends.
    ///
    /// @param after the last event that was seen; empty: from the beginning
    /// @throws IOException  if there is no connection or the server is not ready; worth another try
    /// @throws CliException if the server refuses
    SseReader events(String path, String after) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path).header("Accept", "text/event-stream").GET();
        if (!after.isEmpty()) {
            request.header("Last-Event-ID", after);
        }
        HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            reached = true;
            return new SseReader(response.body());
        }
        try (InputStream body = response.body()) {
            String text = new String(body.readNBytes(65_536), java.nio.charset.StandardCharsets.UTF_8);
            if (worthAnotherTry(response.statusCode())) {
                throw new IOException("the server answered " + response.statusCode());
            }
            throw refused(response.statusCode(), text);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_TIMEOUT)
                .header("User-Agent", "steward-cli/" + Version.current().number());
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
        return request;
    }

    private JsonNode send(java.util.function.Supplier<HttpRequest.Builder> request) {
        return parse(exchange(request).body());
    }

    private HttpResponse<String> exchange(java.util.function.Supplier<HttpRequest.Builder> request) {
        long start = System.nanoTime();
        var backoff = new Backoff(new Random());
        while (true) {
            Duration wait;
            try {
                HttpResponse<String> response = http.send(request.get().build(), BodyHandlers.ofString());
                reached = true;
                if (response.statusCode() < 300) {
                    return response;
                }
                if (!worthAnotherTry(response.statusCode()) || over(start)) {
                    throw refused(response.statusCode(), response.body());
                }
                wait = retryAfter(response).orElseGet(backoff::next);
            } catch (IOException e) {
                if (!reached && e instanceof ConnectException) {
                    throw new CliException(
                            CliException.UNAVAILABLE, "no Steward answers at " + base + ". Start it: steward run");
                }
                if (over(start)) {
                    throw new CliException(
                            CliException.UNAVAILABLE, "the server at " + base + " does not answer; try again later");
                }
                wait = backoff.next();
            } catch (InterruptedException e) {
                throw interrupted();
            }
            console.note("The server is busy or away, trying again …");
            pause(wait);
        }
    }

    private static boolean over(long start) {
        return System.nanoTime() - start > RETRY_FOR.toNanos();
    }

    private static boolean worthAnotherTry(int status) {
        return status == 429 || status == 502 || status == 503;
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(text -> Duration.ofSeconds(Math.min(Long.parseLong(text), RETRY_FOR.toSeconds())));
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body.isEmpty() ? "{}" : body);
        } catch (JacksonException e) {
            throw new CliException(CliException.UNAVAILABLE, "what answers there is not a Steward; check the address");
        }
    }

    /// The server's own words, which are made for people.
    private CliException refused(int status, String body) {
        String detail = detail(body).orElse("the server answered " + status);
        if (status == 401) {
            return new CliException(
                    CliException.NOT_SIGNED_IN, "you are not signed in at " + base + ". Sign in: steward login");
        }
        return new CliException(status >= 500 ? CliException.UNAVAILABLE : CliException.FAILED, detail);
    }

    private static Optional<String> detail(String body) {
        try {
            return Optional.of(JSON.readTree(body).path("detail").asString("")).filter(text -> !text.isEmpty());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    static void pause(Duration wait) {
        try {
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    static CliException interrupted() {
        Thread.currentThread().interrupt();
        return new CliException(CliException.INTERRUPTED, "stopped");
    }
}
