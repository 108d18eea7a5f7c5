package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The HTTP contract, name by name: what clients were promised about paths, methods, fields, statuses and headers.
class ContractIT {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    private static final String PASSWORD = "a good long test password";

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    private static final ApiFixture api = server.api();
    private static final Answer FIRST = register("first@example.test");
    private static final TestUser admin = new TestUser(
            api.user(Role.ADMIN).id(), FIRST.json().path("access_token").stringValue(), "first@example.test");

    private final TestUser user = api.user(Role.USER);

    // ---- conventions ----

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/me", "/api/me"})
    void thePathWithoutAVersionMeansTheCurrentOne(String path) {
        assertThat(api.get(path, user).json().path("id").stringValue())
                .isEqualTo(user.id().toString());
    }

    @Test
    void idsAreVersion7AndTimesAreUtcWithMilliseconds() {
        JsonNode made = api.post("/api/v1/conversations", user, "{}").json();

        assertThat(UUID.fromString(made.path("id").stringValue()).version()).isEqualTo(7);
        assertThat(made.path("created").stringValue()).matches(TIME);
        assertThat(made.path("updated").stringValue()).matches(TIME);
    }

    @Test
    void anUnknownFieldIsRefusedWithItsName() {
        Answer refused = api.post("/api/v1/conversations", user, "{\"titel\": \"x\"}");

        assertProblem(refused, 400, "invalid_input");
        assertThat(refused.json().at("/errors/0/field").stringValue()).isEqualTo("titel");
        assertThat(refused.json().at("/errors/0/rule").stringValue()).isEqualTo("unknown_field");
        assertThat(refused.json().at("/errors/0/message").stringValue()).isNotBlank();
    }

    @Test
    void withoutACredentialTheAnswerSaysHowToSignIn() {
        Answer refused = api.get("/api/v1/me", ApiFixture.ANONYMOUS);

        assertProblem(refused, 401, "unauthorized");
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/turns/0190a0e4-0000-7000-8000-000000000000, 404, not_found",
        "GET, /api/v1/nothing/here, 404, not_found",
        "PUT, /api/v1/conversations, 405, invalid_input",
        "GET, /api/v1/turns/no-id, 400, invalid_input",
        "GET, /api/v1/tasks?limit=0, 422, validation_error",
        "GET, /api/v1/tasks?limit=201, 422, validation_error",
        "GET, /api/v1/tasks?color=red, 400, invalid_input"
    })
    void everyFailureIsAProblemDocument(String method, String path, int status, String code) {
        Answer refused = api.send(method, path, user, Map.of(), method.equals("PUT") ? "{}" : null);

        assertThat(refused.status()).as("%s", refused).isIn(status, status == 422 ? 400 : status);
        assertProblem(refused, refused.status(), refused.status() == status ? code : "invalid_input");
        assertThat(refused.body()).doesNotContain("dev.steward", "Exception", "java.");
    }

    @Test
    void listsGoOnByCursorAndSayTheirEnd() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.addFirst(id(api.post("/api/v1/conversations", user, "{\"title\": \"Number " + i + "\"}")));
        }

        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    api.get("/api/v1/conversations?limit=1" + cursor, user).json();
            assertThat(page.propertyNames()).containsExactlyInAnyOrder("items", "next_cursor");
            page.path("items").forEach(item -> seen.add(item.path("id").stringValue()));
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").stringValue();
        } while (!cursor.isEmpty());

        assertThat(seen).isEqualTo(made);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api-keys",
                "/me/sessions",
                "/conversations",
                "/tasks",
                "/dlq",
                "/agents",
                "/models",
                "/models/catalogue",
                "/backends",
                "/breakers",
                "/users",
                "/system/components"
            })
    void everyCollectionHasTheListConventions(String path) {
        JsonNode page = api.get("/api/v1" + path + "?limit=1", admin).json();
        assertThat(page.path("items").isArray()).as(page.toString()).isTrue();
        assertThat(page.path("items").size()).isLessThanOrEqualTo(1);
        assertThat(page.has("next_cursor")).as(page.toString()).isTrue();

        Answer csv = api.send("GET", "/api/v1" + path, admin, Map.of("Accept", "text/csv"), null);
        assertThat(csv.status()).isEqualTo(200);
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
    }

    @Test
    void theSameKeyAndBodyGiveTheSameAnswerAndAnotherBodyIsRefused() {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        Answer first = api.send("POST", "/api/v1/conversations", user, key, "{\"title\": \"Once\"}");
        Answer again = api.send("POST", "/api/v1/conversations", user, key, "{\"title\": \"Once\"}");
        Answer other = api.send("POST", "/api/v1/conversations", user, key, "{\"title\": \"Twice\"}");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertProblem(other, 422, "validation_error");
        assertThat(api.get("/api/v1/conversations", user).json().path("items").size())
                .isEqualTo(1);
    }

    @Test
    void theRequestIdIsTakenAndEchoedAlsoInProblems() {
        Answer answer = api.send("GET", "/api/v1/nothing", user, Map.of("X-Request-Id", "my-request-17"), null);

        assertThat(answer.header("X-Request-Id")).isEqualTo("my-request-17");
        assertThat(answer.json().path("request_id").stringValue()).isEqualTo("my-request-17");
    }

    // ---- accounts ----

    @Test
    void theFirstAccountIsTheAdministratorsAndRegisteringSignsIn() {
        assertThat(FIRST.status()).isEqualTo(201);
        assertThat(FIRST.json().propertyNames()).containsExactlyInAnyOrder("user", "access_token", "expires_in_ms");
        assertThat(FIRST.json().at("/user/role").stringValue()).isEqualTo("admin");
        assertThat(FIRST.json().path("expires_in_ms").isIntegralNumber()).isTrue();
        assertThat(cookie(FIRST, "steward_refresh")).contains("HttpOnly").contains("SameSite=Lax");
        assertThat(cookie(FIRST, "steward_access")).contains("HttpOnly").contains("SameSite=Lax");
        assertThat(cookie(FIRST, "steward_csrf")).doesNotContain("HttpOnly").contains("SameSite=Lax");
        assertThat(register("second@example.test").json().at("/user/role").stringValue())
                .isEqualTo("user");
    }

    @Test
    void signingInAnswersAsRegisteringDoes() {
        register("login@example.test");
        Answer signedIn = login("login@example.test", PASSWORD);

        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.json().propertyNames()).containsExactlyInAnyOrder("user", "access_token", "expires_in_ms");
        assertProblem(login("login@example.test", "not the password at all"), 401, "unauthorized");
    }

    @Test
    void aRefreshTokenWorksOnceAndItsSecondUseEndsTheSession() {
        Answer session = register("refresh@example.test");
        String old = value(cookie(session, "steward_refresh"));
        Answer renewed = refresh("{\"refresh_token\": \"" + old + "\"}");
        assertThat(renewed.status()).isEqualTo(200);
        // A repeat right away, as when the answer was lost, gives the same; after the next token was used it is theft.
        Answer next = refresh("{\"refresh_token\": \"" + value(cookie(renewed, "steward_refresh")) + "\"}");
        assertThat(next.status()).isEqualTo(200);
        String fresh = value(cookie(next, "steward_refresh"));
        assertThat(fresh).isNotEqualTo(old);

        assertProblem(refresh("{\"refresh_token\": \"" + old + "\"}"), 401, "unauthorized");

        assertProblem(refresh("{\"refresh_token\": \"" + fresh + "\"}"), 401, "unauthorized");
        TestUser thief = user.with(renewed.json().path("access_token").stringValue());
        assertProblem(api.get("/api/v1/me", thief), 401, "unauthorized");
    }

    @Test
    void aBrowserRefreshesAndLeavesByItsCookies() {
        Answer session = register("browser@example.test");
        String cookies = "steward_refresh=" + value(cookie(session, "steward_refresh"));
        Answer renewed =
                api.send("POST", "/api/v1/auth/refresh", ApiFixture.ANONYMOUS, Map.of("Cookie", cookies), null);
        assertThat(renewed.status()).isEqualTo(200);

        String last = "steward_refresh=" + value(cookie(renewed, "steward_refresh"));
        Answer left = api.send("POST", "/api/v1/auth/logout", ApiFixture.ANONYMOUS, Map.of("Cookie", last), null);
        assertThat(left.status()).isEqualTo(204);
        assertThat(cookie(left, "steward_refresh")).contains("Max-Age=0");
        assertProblem(
                api.send("POST", "/api/v1/auth/refresh", ApiFixture.ANONYMOUS, Map.of("Cookie", last), null),
                401,
                "unauthorized");
    }

    @Test
    void aCookieChangesNothingWithoutTheCsrfHeader() {
        Answer session = register("csrf@example.test");
        String csrf = value(cookie(session, "steward_csrf"));
        String cookies = "steward_access=" + value(cookie(session, "steward_access")) + "; steward_csrf=" + csrf;

        assertThat(api.send("GET", "/api/v1/me", ApiFixture.ANONYMOUS, Map.of("Cookie", cookies), null)
                        .status())
                .isEqualTo(200);
        assertThat(create(Map.of("Cookie", cookies))).isEqualTo(403);
        assertThat(create(Map.of("Cookie", cookies, "X-CSRF-Token", "x" + csrf)))
                .isEqualTo(403);
        assertThat(create(Map.of("Cookie", cookies, "X-CSRF-Token", csrf, "Sec-Fetch-Site", "cross-site")))
                .isEqualTo(403);
        assertThat(create(Map.of("Cookie", cookies, "X-CSRF-Token", csrf, "Sec-Fetch-Site", "same-origin")))
                .isEqualTo(201);
    }

    @Test
    void onesAccountCanBeReadChangedAndDeleted() {
        JsonNode me = api.get("/api/v1/me", user).json();
        assertThat(me.propertyNames()).contains("id", "email", "display_name", "role", "created");
        assertThat(api.patch("/api/v1/me", user, "{\"display_name\": \"Somebody Else\"}")
                        .json()
                        .path("display_name")
                        .stringValue())
                .isEqualTo("Somebody Else");
        JsonNode session = api.get("/api/v1/me/sessions", user).json().at("/items/0");
        assertThat(session.propertyNames()).contains("id", "created", "last_used", "current");
        assertThat(api.delete("/api/v1/me/sessions/" + session.path("id").stringValue(), user)
                        .status())
                .isEqualTo(204);
        assertProblem(api.get("/api/v1/me", user), 401, "unauthorized");
        TestUser leaving = api.user(Role.USER);
        assertThat(api.delete("/api/v1/me", leaving).status()).isEqualTo(204);
        assertProblem(api.get("/api/v1/me", leaving), 401, "unauthorized");
    }

    @Test
    void anApiKeyIsShownOnceAndWorksWithinItsScopes() {
        Answer made = api.post("/api/v1/api-keys", user, "{\"name\": \"script\", \"scopes\": [\"read\"]}");
        assertThat(made.status()).isEqualTo(201);
        String key = made.json().path("key").stringValue();
        assertThat(key).startsWith("stw_");
        assertThat(api.get("/api/v1/api-keys", user).body()).doesNotContain(key);

        TestUser script = user.with(key);
        assertThat(api.get("/api/v1/conversations", script).status()).isEqualTo(200);
        assertProblem(api.post("/api/v1/conversations", script, "{}"), 403, "unauthorized");
        assertThat(api.delete("/api/v1/api-keys/" + made.json().path("id").stringValue(), user)
                        .status())
                .isEqualTo(204);
        assertProblem(api.get("/api/v1/conversations", script), 401, "unauthorized");
    }

    // ---- conversations ----

    @Test
    void aConversationIsMadeReadChangedAndDeleted() {
        Answer made = api.post("/api/v1/conversations", user, "{\"title\": \"Trip\", \"agent\": \"Beta\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().propertyNames()).contains("id", "title", "agent", "created", "updated");
        assertThat(made.json().path("agent").stringValue()).isEqualTo("beta");
        String path = "/api/v1/conversations/" + id(made);

        assertThat(api.patch(path, user, "{\"title\": \"Journey\"}")
                        .json()
                        .path("title")
                        .stringValue())
                .isEqualTo("Journey");
        assertThat(api.get(path, user).json().path("title").stringValue()).isEqualTo("Journey");
        assertThat(api.delete(path, user).status()).isEqualTo(204);
        assertProblem(api.get(path, user), 404, "not_found");
    }

    @Test
    void aMessageIsAcceptedAndItsTurnCompletes() {
        String conversation = id(api.post("/api/v1/conversations", user, "{}"));
        Answer accepted = api.post("/api/v1/conversations/" + conversation + "/turns", user, """
                {"message": "What is the capital of France?"}""");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.json().propertyNames()).containsExactlyInAnyOrder("turn", "task_id", "events");
        String turn = accepted.json().at("/turn/id").stringValue();
        assertThat(accepted.json().path("events").stringValue()).isEqualTo("/api/v1/turns/" + turn + "/events");

        Eventually.until("the turn is completed", () -> status(turn).equals("completed"));
        JsonNode done = api.get("/api/v1/turns/" + turn, user).json();
        assertThat(done.propertyNames())
                .contains(
                        "id",
                        "conversation_id",
                        "agent",
                        "model",
                        "status",
                        "message",
                        "answer",
                        "citations",
                        "usage",
                        "trace_id");
        assertThat(done.path("answer").stringValue()).isEqualTo(server.model().answerText());
        assertThat(api.get("/api/v1/conversations/" + conversation + "/turns", user)
                        .json()
                        .at("/items/0/id")
                        .stringValue())
                .isEqualTo(turn);
        assertThat(api.post("/api/v1/turns/" + turn + "/feedback", user, "{\"rating\": \"up\"}")
                        .status())
                .isEqualTo(204);
        assertThat(api.post("/api/v1/turns/" + turn + "/regenerate", user, "").status())
                .isEqualTo(202);
        assertThat(api.post("/api/v1/turns/" + turn + "/cancel", user, "")
                        .json()
                        .path("status")
                        .stringValue())
                .isEqualTo("completed");
    }

    @Test
    void aChangedMessageBeginsABranchInItsOwnConversationOnly() {
        String conversation = id(api.post("/api/v1/conversations", user, "{}"));
        String other = id(api.post("/api/v1/conversations", user, "{}"));
        String turns = "/api/v1/conversations/" + conversation + "/turns";
        String first = ask(turns, user, "{\"message\": \"What is the capital of France?\"}");
        String edited = ask(turns, user, "{\"message\": \"And of Spain?\", \"edits\": \"" + first + "\"}");
        String back = ask(turns, user, "{\"message\": \"Sure?\", \"after\": \"" + first + "\"}");

        JsonNode newest = api.get(turns + "?sort=-created&branch=newest", user).json();
        assertThat(newest.at("/items").valueStream().map(t -> t.path("id").stringValue()))
                .containsExactly(back, first);
        assertThat(newest.at("/items/1/wordings").valueStream().map(JsonNode::stringValue))
                .containsExactly(first, edited);
        assertThat(api.get(turns + "?sort=-created&branch=" + edited, user)
                        .json()
                        .at("/items")
                        .valueStream()
                        .map(t -> t.path("id").stringValue()))
                .containsExactly(edited);

        assertProblem(api.get(turns + "?branch=newest", user), 422, "validation_error");
        assertProblem(api.get(turns + "?sort=-created&branch=main", user), 422, "validation_error");
        String after = "{\"message\": \"Hi\", \"after\": \"" + first + "\"}";
        assertProblem(api.post("/api/v1/conversations/" + other + "/turns", user, after), 422, "validation_error");
        String both = "{\"message\": \"Hi\", \"after\": \"" + first + "\", \"edits\": \"" + first + "\"}";
        assertProblem(api.post(turns, user, both), 422, "validation_error");
        TestUser stranger = api.user(Role.USER);
        String own = id(api.post("/api/v1/conversations", stranger, "{}"));
        assertProblem(api.post("/api/v1/conversations/" + own + "/turns", stranger, after), 404, "not_found");
    }

    private String ask(String turns, TestUser who, String body) {
        String turn = api.post(turns, who, body).json().at("/turn/id").stringValue();
        Eventually.until("the turn is completed", () -> status(turn).equals("completed"));
        return turn;
    }

    @Test
    void conversationsAreFoundByWhatWasSaidInThem() {
        String conversation = id(api.post("/api/v1/conversations", user, "{\"title\": \"Zoo\"}"));
        String turn =
                ask("/api/v1/conversations/" + conversation + "/turns", user, "{\"message\": \"Do wombats swim?\"}");

        JsonNode found = api.get("/api/v1/conversations?q=WOMB", user).json().at("/items/0");

        assertThat(found.path("id").stringValue()).isEqualTo(conversation);
        assertThat(found.at("/hit/turn_id").stringValue()).isEqualTo(turn);
        assertThat(found.at("/hit/speaker").stringValue()).isEqualTo("user");
        assertThat(found.at("/hit/text").stringValue()).isEqualTo("Do wombats swim?");
        assertThat(found.at("/hit/marks/0/from").intValue()).isEqualTo(3);
        assertThat(found.at("/hit/marks/0/to").intValue()).isEqualTo(7);
        assertThat(api.get("/api/v1/conversations?q=womb", api.user(Role.USER))
                        .json()
                        .path("items"))
                .isEmpty();
        assertThat(api.get("/api/v1/conversations?q=%27%3B", user).json().path("items"))
                .isEmpty();
        assertProblem(api.get("/api/v1/conversations?q=", user), 422, "validation_error");
    }

    @Test
    void theEventsOfATurnHaveIdsWithoutGapsAndGoOnWhereTheReaderLeft() {
        String conversation = id(api.post("/api/v1/conversations", user, "{}"));
        Answer streamed = api.send(
                "POST",
                "/api/v1/conversations/" + conversation + "/turns",
                user,
                Map.of("Accept", "text/event-stream"),
                "{\"message\": \"What is the capital of France?\"}");

        assertThat(streamed.status()).isEqualTo(200);
        assertThat(streamed.header("Content-Type")).startsWith("text/event-stream");
        List<String> ids = lines(streamed.body(), "id: ");
        for (int i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).isEqualTo(Integer.toString(i + 1));
        }
        List<String> kinds = lines(streamed.body(), "event: ");
        assertThat(kinds).startsWith("started", "agent").endsWith("completed").contains("token");
        String turn = api.get("/api/v1/conversations/" + conversation + "/turns", user)
                .json()
                .at("/items/0/id")
                .stringValue();
        Answer rest = api.send("GET", "/api/v1/turns/" + turn + "/events", user, Map.of("Last-Event-ID", "2"), null);
        assertThat(lines(rest.body(), "id: ")).isEqualTo(ids.subList(2, ids.size()));
    }

    // ---- tasks ----

    @ParameterizedTest
    @CsvSource({"2, 2", "'\"CRITICAL\"', 3", "'\"low\"', 0", "null, 1"})
    void aTaskIsMadeWithItsPriorityByNameOrNumber(String priority, int number) {
        Answer made = api.post("/api/v1/tasks", user, """
                {"type": "prompt", "priority": %s, "description": "d", "input": {"message": "Hi"}, "metadata": {"a": 1},
                 "run_at": "2030-01-01T00:00:00Z", "deadline": "2031-01-01T00:00:00Z", "max_retries": 2}""".formatted(priority));

        assertThat(made.status()).as("%s", made).isEqualTo(201);
        assertThat(made.json().propertyNames())
                .contains(
                        "id",
                        "type",
                        "status",
                        "priority",
                        "description",
                        "created",
                        "updated",
                        "completed_at",
                        "deadline",
                        "retry_count",
                        "max_retries",
                        "error",
                        "result",
                        "metadata",
                        "progress",
                        "run_at",
                        "schedule",
                        "attempts");
        assertThat(made.json().path("status").stringValue()).isEqualTo("pending");
        assertThat(made.json().path("priority").intValue()).isEqualTo(number);
        Answer cancelled = api.delete("/api/v1/tasks/" + id(made), user);
        assertThat(cancelled.json().path("status").stringValue()).isEqualTo("cancelled");
        assertThat(api.get("/api/v1/tasks?status=cancelled&sort=-created", user)
                        .json()
                        .at("/items/0/id")
                        .stringValue())
                .isEqualTo(id(made));
    }

    @Test
    void aDeadLetterTellsWhatHappenedAndCanBeSentBack() {
        String task = id(api.post("/api/v1/tasks", admin, """
                {"type": "noop", "max_retries": 0, "input": {"fail_times": 1}}"""));
        Eventually.until(
                "it is a dead letter",
                () -> api.get("/api/v1/dlq/" + task, admin).status() == 200);

        JsonNode dead = api.get("/api/v1/dlq/" + task, admin).json();
        assertThat(dead.propertyNames()).contains("fingerprint", "cause", "attempts", "original_task");
        JsonNode attempt =
                api.get("/api/v1/tasks/" + task + "/attempts", admin).json().at("/items/0");
        assertThat(attempt.propertyNames()).contains("start", "end", "worker", "error");
        Answer dry = api.post("/api/v1/dlq/retry", admin, """
                {"fingerprint": "%s", "rate_per_second": 5, "dry_run": true}""".formatted(
                        dead.path("fingerprint").stringValue()));
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.json().path("matched").intValue()).isEqualTo(1);

        Answer retried = api.post("/api/v1/dlq/" + task + "/retry", admin, """
                {"input": {"fail_times": 0}, "reason": "mended"}""");
        assertThat(retried.status()).as("%s", retried).isEqualTo(200);
        Eventually.until(
                "it is completed",
                () -> "completed"
                        .equals(api.get("/api/v1/tasks/" + task, admin)
                                .json()
                                .path("status")
                                .stringValue()));
        assertThat(api.post("/api/v1/dlq/cleanup", admin, "").json().propertyNames())
                .containsExactlyInAnyOrder("cleaned", "remaining");
    }

    // ---- the rest ----

    @Test
    void healthSaysWhatWorks() {
        for (String path : List.of("/health", "/api/v1/health", "/api/health")) {
            JsonNode health = api.get(path, admin).json();
            assertThat(health.propertyNames()).containsExactlyInAnyOrder("status", "version", "components");
            assertThat(health.path("status").stringValue()).isIn("up", "degraded", "down");
            assertThat(health.at("/components/0").propertyNames())
                    .containsExactlyInAnyOrder("name", "tier", "status", "since", "last_success", "message");
        }
        for (String part : List.of("live", "ready", "db", "redis", "models")) {
            assertThat(api.get("/health/" + part, ApiFixture.ANONYMOUS).status())
                    .as(part)
                    .isIn(200, 503);
        }
        assertThat(api.get("/health/live", admin).json().propertyNames()).containsExactly("status");
    }

    @Test
    void eachAgentHasABreakerThatCanBeReset() {
        JsonNode agents = api.get("/api/v1/agents", user).json().path("items");
        assertThat(agents.valueStream().map(a -> a.path("name").stringValue()))
                .containsExactly("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta");
        for (JsonNode agent : agents) {
            String breaker = "/api/v1/breakers/ollama_" + agent.path("name").stringValue();
            assertThat(api.get(breaker, admin).json().propertyNames())
                    .contains("name", "state", "failure_count", "success_count", "last_failure", "time_until_retry_ms");
            assertThat(api.post(breaker + "/reset", admin, "")
                            .json()
                            .path("state")
                            .stringValue())
                    .isEqualTo("closed");
        }
    }

    @Test
    void theOpenAiDoorListsModelsAndAgentsAndAnswersInItsOwnShape() {
        assertThat(api.get("/v1/models", user)
                        .json()
                        .path("data")
                        .valueStream()
                        .map(model -> model.path("id").stringValue()))
                .contains("steward/alpha", "steward/eta", "first/mock-model");
        Answer answer = api.post("/v1/chat/completions", user, """
                {"model": "first/mock-model", "messages": [{"role": "user", "content": "Hi"}]}""");
        assertThat(answer.json().path("object").stringValue()).isEqualTo("chat.completion");
        assertThat(answer.json().at("/choices/0/message/content").stringValue()).isNotBlank();
        Answer refused = api.post("/v1/chat/completions", user, "{\"model\": \"none\", \"messages\": []}");
        assertThat(refused.json().path("error").propertyNames()).contains("message", "type", "param", "code");
    }

    @Test
    void theDocumentNamesEveryPathOfTheContract() {
        JsonNode paths = api.get("/openapi.json", ApiFixture.ANONYMOUS).json().path("paths");
        assertThat(paths.at("/~1api~1v1~1conversations~1{id}~1turns/post/responses")
                        .propertyNames())
                .contains("200", "202");
        assertThat(paths.propertyNames())
                .contains("/api/v1/turns/{id}/events", "/api/v1/dlq/{id}/retry", "/api/v1/me/sessions/{id}");
    }

    private static Answer register(String email) {
        return api.post("/api/v1/auth/register", ApiFixture.ANONYMOUS, """
                {"email": "%s", "password": "%s", "display_name": "Test"}""".formatted(email, PASSWORD));
    }

    private static Answer login(String email, String password) {
        return api.post("/api/v1/auth/login", ApiFixture.ANONYMOUS, """
                {"email": "%s", "password": "%s"}""".formatted(email, password));
    }

    private static Answer refresh(String body) {
        return api.post("/api/v1/auth/refresh", ApiFixture.ANONYMOUS, body);
    }

    private static int create(Map<String, String> headers) {
        return api.send("POST", "/api/v1/conversations", ApiFixture.ANONYMOUS, headers, "{}")
                .status();
    }

    private String status(String turn) {
        return api.get("/api/v1/turns/" + turn, user).json().path("status").stringValue();
    }

    private static String id(Answer made) {
        return made.json().path("id").stringValue();
    }

    private static String cookie(Answer answer, String name) {
        return answer.headers().getOrDefault("set-cookie", List.of()).stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .findFirst()
                .orElse("");
    }

    private static String value(String cookie) {
        return cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
    }

    private static List<String> lines(String stream, String prefix) {
        return stream.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.propertyNames())
                .contains("type", "title", "status", "detail", "instance", "code", "request_id", "retryable");
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("code").stringValue()).isEqualTo(code);
    }
}
