package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import dev.steward.web.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What a process of each role does, and what it leaves to the others (OPS-5).
class RoleIT {

    private static final Pattern EVENT = Pattern.compile("id: (\\d+)\nevent: (\\w+)\ndata: (.*)\n\n");

    @Test
    void anApiProcessAcceptsTasksAndWorksOnNone() {
        try (WholeServer server = WholeServer.start("role=api")) {
            ApiFixture api = server.api();
            TestUser user = api.user(Role.OPERATOR);
            Answer first = api.post("/api/v1/tasks", user, "{\"type\": \"noop\"}");
            Answer second = api.post("/api/v1/tasks", user, "{\"type\": \"noop\"}");

            assertThat(first.status()).isEqualTo(201);
            assertThat(second.status()).isEqualTo(201);
            assertThat(api.get("/api/v1/tasks?status=pending", user)
                            .json()
                            .path("items")
                            .size())
                    .isEqualTo(2);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("tasks-claim");
            assertThat(api.get("/health/ready", ApiFixture.ANONYMOUS).status()).isEqualTo(200);
        }
    }

    @Test
    void aWorkerServesHealthAndMetricsAndWorksOnTasks() {
        try (WholeServer server = WholeServer.start("role=worker")) {
            ApiFixture api = server.api();
            Eventually.until(
                    "everything works",
                    () -> api.get("/health", ApiFixture.ANONYMOUS).status() == 200);
            for (String path : List.of("/health", "/health/live", "/api/v1/health", "/api/health/ready", "/metrics")) {
                assertThat(api.get(path, ApiFixture.ANONYMOUS).status())
                        .as(path)
                        .isEqualTo(200);
            }
            for (String path : List.of(
                    "/api/v1/me",
                    "/v1/models",
                    "/docs",
                    "/openapi.json",
                    "/",
                    "/health/../api/v1/me",
                    "/swagger-ui/index.html")) {
                Answer refused = api.get(path, ApiFixture.ANONYMOUS);
                assertThat(refused.status()).as(path).isIn(400, 404);
                assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .contains("tasks-claim");
            assertThat(api.bean(JdbcClient.class)
                            .sql("select count(*) from account where email <> 'terminal@localhost'")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    /// One process hears of the events as it writes them, the other finds them in the database.
    @Test
    void anAnswerIsFollowedWholeOnEveryProcessWhoeverWorksOnIt() throws Exception {
        try (WholeServer api = WholeServer.start("role=api");
                WholeServer both = api.another("role=all")) {
            both.model().chunks(200).chunkInterval(Duration.ofMillis(5));
            TestUser user = api.api().user(Role.USER);
            String conversation = api.api()
                    .post("/api/v1/conversations", user, "{}")
                    .json()
                    .path("id")
                    .stringValue();
            Answer accepted = api.api()
                    .post("/api/v1/conversations/" + conversation + "/turns", user, "{\"message\": \"Tell me.\"}");
            assertThat(accepted.status()).isEqualTo(202);
            String turn = accepted.json().at("/turn/id").stringValue();
            String path = "/api/v1/turns/" + turn + "/events";
            List<FutureTask<List<Event>>> readers = new ArrayList<>();
            for (ApiFixture process : List.of(api.api(), both.api(), api.api(), both.api())) {
                var reader = new FutureTask<>(() -> read(process, path, user));
                Thread.ofVirtual().start(reader);
                readers.add(reader);
            }

            List<Event> whole = readers.getFirst().get(60, TimeUnit.SECONDS);
            assertThat(whole.getLast().kind()).isEqualTo("completed");
            for (FutureTask<List<Event>> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(whole);
            }
            assertThat(whole)
                    .extracting(Event::id)
                    .isEqualTo(LongStream.rangeClosed(1, whole.size()).boxed().toList());
        }
    }

    record Event(long id, String kind, JsonNode data) {}

    private static List<Event> read(ApiFixture process, String path, TestUser user) throws IOException {
        try (InputStream body = process.stream(path, user, Map.of()).body()) {
            List<Event> events = new ArrayList<>();
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            Matcher event = EVENT.matcher(text);
            while (event.find()) {
                events.add(new Event(
                        Long.parseLong(event.group(1)),
                        event.group(2),
                        Json.mapper().readTree(event.group(3))));
            }
            return events;
        }
    }
}
