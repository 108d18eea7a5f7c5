package dev.steward.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who uses a server through its HTTP contract alone. Safe for use by many threads.
final class Person {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final int PAUSE_MS = 50;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final StewardProcess steward;
    private volatile String token = "";

    private Person(StewardProcess steward) {
        this.steward = steward;
    }

    /// One event of a turn, as it came.
    ///
    /// @param nanos when, by `System.nanoTime`
    record Event(long id, String kind, JsonNode data, long nanos) {

        boolean last() {
            return List.of("completed", "failed", "cancelled").contains(kind);
        }
    }

    /// An answer to a request.
    record Reply(int status, String body, HttpResponse<String> whole) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    /// How a stream of events ended.
    enum End {
        /// The last event of the turn came.
        TURN,
        /// The server ended the stream as HTTP says it should.
        CLEAN,
        /// The connection broke.
        BROKEN
    }

    /// Someone new.
    static Person register(StewardProcess steward) throws IOException, InterruptedException {
        var person = new Person(steward);
        String email = UUID.randomUUID() + "@example.org";
        Reply reply = person.post(
                "/api/v1/auth/register",
                Map.of("email", email, "password", "correct horse battery staple 7", "display_name", "Ada"),
                UUID.randomUUID());
        if (reply.status() != 201) {
            throw new AssertionError("register: " + reply);
        }
        person.token = reply.json().path("access_token").asString();
        return person;
    }

    /// The same person at another node.
    Person at(StewardProcess node) {
        var there = new Person(node);
        there.token = token;
        return there;
    }

    String token() {
        return token;
    }

    String newConversation() throws IOException, InterruptedException {
        Reply reply = post("/api/v1/conversations", Map.of(), UUID.randomUUID());
        if (reply.status() != 201) {
            throw new AssertionError("conversation: " + reply);
        }
        return reply.json().path("id").asString();
    }

    /// Asks in a conversation of its own; returns the turn's id once the server has accepted it.
    String ask(String message) throws IOException, InterruptedException {
        return ask(newConversation(), message);
    }

    String ask(String conversation, String message) throws IOException, InterruptedException {
        Reply reply = tryToAsk(conversation, message, UUID.randomUUID());
        if (reply.status() != 202) {
            throw new AssertionError("ask: " + reply);
        }
        return turnOf(reply);
    }

    Reply tryToAsk(String conversation, String message, UUID key) throws IOException, InterruptedException {
        return post("/api/v1/conversations/" + conversation + "/turns", Map.of("message", message), key);
    }

    static String turnOf(Reply accepted) {
        return accepted.json().path("turn").path("id").asString();
    }

    /// Sends the same message with the same key until the server says that it has it, as a careful client does.
    String askUntilAccepted(String conversation, String message) throws InterruptedException {
        UUID key = UUID.randomUUID();
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                Reply reply = tryToAsk(conversation, message, key);
                if (reply.status() == 202) {
                    return turnOf(reply);
                }
                last = reply.toString();
                if (reply.status() < 500 && reply.status() != 409 && reply.status() != 429) {
                    break;
                }
            } catch (IOException | JacksonException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        throw new AssertionError("the message was never accepted; last: " + last);
    }

    JsonNode turn(String turn) throws IOException, InterruptedException {
        return get("/api/v1/turns/" + turn).json();
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    Reply post(String path, Map<String, ?> body, UUID key) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key.toString())
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    /// Sends the same, and is gone before the answer comes, as a client that is killed.
    void postAndHangUp(String path, Map<String, ?> body, UUID key, Duration after) throws InterruptedException {
        try {
            send(request(path)
                    .timeout(after)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", key.toString())
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build());
        } catch (IOException _) {
            // Nobody knows now whether it was accepted.
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(steward.uri(path)).timeout(ANSWER_MAX);
        return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
    }

    private Reply send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body(), response);
    }

    /// Reads a turn's events after `lastId`, giving each to `reader`, until the turn or the connection ends.
    ///
    /// @throws IOException nobody answers, or the answer is no stream
    End listen(String turn, long lastId, Consumer<Event> reader) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request("/api/v1/turns/" + turn + "/events").header("Accept", "text/event-stream");
        if (lastId > 0) {
            request.header("Last-Event-ID", Long.toString(lastId));
        }
        HttpResponse<InputStream> response =
                http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("events: " + response.statusCode() + " "
                        + new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            return read(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)), reader);
        }
    }

    private static End read(BufferedReader lines, Consumer<Event> reader) {
        long id = 0;
        String kind = "";
        var data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!kind.isEmpty()) {
                        var event = new Event(id, kind, JSON.readTree(data.toString()), System.nanoTime());
                        reader.accept(event);
                        if (event.last()) {
                            return End.TURN;
                        }
                    }
                    kind = "";
                    data.setLength(0);
                } else if (line.startsWith("id:")) {
                    id = Long.parseLong(line.substring(3).strip());
                } else if (line.startsWith("event:")) {
                    kind = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5).stripLeading());
                }
            }
            return End.CLEAN;
        } catch (IOException _) {
            // What came before counts; the reader comes back for the rest.
            return End.BROKEN;
        }
    }
}
