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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who uses a server through its HTTP contract alone.
final class Person {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final StewardProcess steward;
    private final String email;
    private final String password = "correct horse battery staple 7";
    private String token = "";

    private Person(StewardProcess steward, String email) {
        this.steward = steward;
        this.email = email;
    }

    /// One event of a turn, as it came.
    record Event(long id, String kind, JsonNode data) {}

    static Person register(StewardProcess steward, String name) throws IOException, InterruptedException {
        var person = new Person(steward, name + "@example.org");
        Reply reply = person.post(
                "/api/v1/auth/register",
                """
                {"email": "%s", "password": "%s", "display_name": "%s"}"""
                        .formatted(person.email, person.password, name));
        if (reply.status() != 201) {
            throw new IllegalStateException("register: " + reply);
        }
        person.token = reply.json().path("access_token").asString();
        return person;
    }

    void logIn() throws IOException, InterruptedException {
        Reply reply = post(
                "/api/v1/auth/login",
                """
                {"email": "%s", "password": "%s"}""".formatted(email, password));
        token = reply.json().path("access_token").asString();
    }

    String newConversation() throws IOException, InterruptedException {
        return post("/api/v1/conversations", "{}").json().path("id").asString();
    }

    /// Asks and returns the turn's id once the server has accepted it.
    String ask(String conversation, String message) throws IOException, InterruptedException {
        Reply reply = post(
                "/api/v1/conversations/" + conversation + "/turns",
                JSON.writeValueAsString(java.util.Map.of("message", message)));
        if (reply.status() != 202) {
            throw new IllegalStateException("ask: " + reply);
        }
        JsonNode turn = reply.json().path("turn");
        return turn.isObject() ? turn.path("id").asString() : turn.asString();
    }

    record Reply(int status, String body, HttpResponse<String> whole) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    Reply post(String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(steward.uri(path)).timeout(Duration.ofSeconds(20));
        return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
    }

    private Reply send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body(), response);
    }

    /// Reads events after `lastId` until one satisfies `enough` or the connection ends, and returns what came.
    List<Event> events(String turn, long lastId, Predicate<Event> enough) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/api/v1/turns/" + turn + "/events")
                .timeout(Duration.ofMinutes(3))
                .header("Accept", "text/event-stream");
        if (lastId > 0) {
            request.header("Last-Event-ID", Long.toString(lastId));
        }
        HttpResponse<InputStream> response =
                http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        List<Event> events = new ArrayList<>();
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw new IOException("events: " + response.statusCode() + " "
                        + new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            long id = 0;
            String kind = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!kind.isEmpty()) {
                        var event = new Event(id, kind, JSON.readTree(data.toString()));
                        events.add(event);
                        if (enough.test(event)) {
                            return events;
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
        } catch (IOException _) {
            // The server died in the middle: what came before it counts, the reader comes back.
        }
        return events;
    }

    static boolean ends(Event event) {
        return switch (event.kind()) {
            case "completed", "failed", "cancelled" -> true;
            default -> false;
        };
    }

    /// What a reader of these events has on the screen.
    static String text(List<Event> events) {
        StringBuilder text = new StringBuilder();
        for (Event event : events) {
            if (event.kind().equals("token")) {
                text.append(event.data().path("text").asString());
            } else if (event.kind().equals("reset")) {
                text.setLength(event.data().path("offset").asInt());
            }
        }
        return text.toString();
    }
}
