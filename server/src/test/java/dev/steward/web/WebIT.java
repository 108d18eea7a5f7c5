package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebIT {

    private static final String GOOD = """
            {"text": "hi", "number": 7, "flag": true, "colour": "dark_blue",
             "id": "01890000-0000-7000-8000-000000000000", "time": "2026-01-31T12:00:00Z"}""";

    @AutoClose
    private static final ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, new ProbeController()));

    @Test
    void aGoodBodyComesBackInSnakeCaseWithTimesInMilliseconds() {
        Answer answer = api.post("/api/v1/probe/echo", ApiFixture.ANONYMOUS, GOOD);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("colour").stringValue()).isEqualTo("dark_blue");
        assertThat(answer.json().path("time").stringValue()).isEqualTo("2026-01-31T12:00:00.000Z");
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of("empty", "", 400, ""),
                Arguments.of("only a space", " ", 400, ""),
                Arguments.of("not JSON", "hello", 400, ""),
                Arguments.of("half", "{\"text\": ", 400, ""),
                Arguments.of("two values", GOOD + "{}", 400, ""),
                Arguments.of("trailing comma", "{\"text\": \"a\",}", 400, ""),
                Arguments.of("comment", "/* hi */" + GOOD, 400, ""),
                Arguments.of("single quotes", "{'text': 'a'}", 400, ""),
                Arguments.of("NaN", GOOD.replace("7", "NaN"), 400, ""),
                Arguments.of("a list", "[]", 400, "type"),
                Arguments.of("a text", "\"x\"", 400, "type"),
                Arguments.of(
                        "unknown field",
                        GOOD.replace("\"flag\"", "\"is_admin\": true, \"flag\""),
                        400,
                        "unknown_field"),
                Arguments.of(
                        "camelCase field", GOOD.replace("\"flag\"", "\"myFlag\": 1, \"flag\""), 400, "unknown_field"),
                Arguments.of("a field twice", GOOD.replace("\"flag\"", "\"text\": \"b\", \"flag\""), 400, ""),
                Arguments.of("a text for a number", GOOD.replace("7", "\"7\""), 400, "type"),
                Arguments.of("a fraction for a whole number", GOOD.replace("7", "7.5"), 422, "type"),
                Arguments.of("a number out of range", GOOD.replace("7", "99999999999"), 422, "range"),
                Arguments.of("a number of 1000 digits", GOOD.replace("7", "9".repeat(1000)), 400, ""),
                Arguments.of("a huge exponent", GOOD.replace("7", "1e999999999"), 422, "type"),
                Arguments.of("a number for a text", GOOD.replace("\"hi\"", "1"), 400, "type"),
                Arguments.of("true for a text", GOOD.replace("\"hi\"", "true"), 400, "type"),
                Arguments.of("an object for a text", GOOD.replace("\"hi\"", "{}"), 400, "type"),
                Arguments.of("a text for a flag", GOOD.replace("true", "\"true\""), 400, "type"),
                Arguments.of("a number for a flag", GOOD.replace("true", "1"), 400, "type"),
                Arguments.of("null for a text", GOOD.replace("\"hi\"", "null"), 422, "required"),
                Arguments.of("null for a number", GOOD.replace("7", "null"), 422, "required"),
                Arguments.of(
                        "null in a list",
                        GOOD.replace("\"flag\"", "\"inner\": {\"text\": \"a\", \"children\": [null]}, \"flag\""),
                        422,
                        "required"),
                Arguments.of("a missing field", "{}", 422, "required"),
                Arguments.of("an unknown choice", GOOD.replace("dark_blue", "green"), 422, "one_of"),
                Arguments.of("a number for a choice", GOOD.replace("\"dark_blue\"", "1"), 400, "type"),
                Arguments.of("an empty choice", GOOD.replace("dark_blue", ""), 422, "one_of"),
                Arguments.of("a bad UUID", GOOD.replace("01890000", "0189000"), 422, "format"),
                Arguments.of("an empty UUID", GOOD.replace("01890000-0000-7000-8000-000000000000", ""), 422, "format"),
                Arguments.of("a bad time", GOOD.replace("2026-01-31", "2026-02-31"), 422, "format"),
                Arguments.of("a time as a number", GOOD.replace("\"2026-01-31T12:00:00Z\"", "0"), 400, "type"),
                Arguments.of("a time too far", GOOD.replace("2026-01", "+999999999-01"), 422, "format"),
                Arguments.of("NUL escaped", GOOD.replace("hi", "a\\u0000b"), 422, "characters"),
                Arguments.of("NUL raw", GOOD.replace("hi", "a\0b"), 400, ""),
                Arguments.of("a raw control character", GOOD.replace("hi", "a\u0001b"), 400, ""),
                Arguments.of("a lone high surrogate", GOOD.replace("hi", "\\ud800"), 422, "characters"),
                Arguments.of("a lone low surrogate", GOOD.replace("hi", "\\udc00"), 422, "characters"),
                Arguments.of("surrogates swapped", GOOD.replace("hi", "\\udc00\\ud800"), 422, "characters"),
                Arguments.of("deep lists", "[".repeat(500) + "]".repeat(500), 400, ""),
                Arguments.of("deep objects", "{\"inner\":".repeat(200) + "1" + "}".repeat(200), 400, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBodies")
    void aBadBodyIsRefusedInPlainWords(String name, String body, int status, String rule) {
        Answer answer = api.post("/api/v1/probe/echo", ApiFixture.ANONYMOUS, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertProblem(answer);
        assertThat(answer.body()).doesNotContain("jackson", "dev.steward", "Exception", "java.");
        if (!rule.isEmpty()) {
            assertThat(answer.json().at("/errors/0/rule").asString()).isEqualTo(rule);
        }
    }

    @Test
    void anEmojiWrittenAsASurrogatePairIsFine() {
        assertThat(api.post("/api/v1/probe/echo", ApiFixture.ANONYMOUS, GOOD.replace("hi", "\\ud83d\\ude00"))
                        .json()
                        .path("text")
                        .stringValue())
                .isEqualTo("😀");
    }

    @Test
    void brokenUtf8IsRefused() {
        for (byte[] bad : new byte[][] {
            {(byte) 0xC3, 0x28}, {(byte) 0xFF}, {(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}
        }) {
            byte[] body = GOOD.replace("hi", "XX").getBytes(StandardCharsets.UTF_8);
            byte[] whole = new String(body, StandardCharsets.ISO_8859_1)
                    .replace("XX", new String(bad, StandardCharsets.ISO_8859_1))
                    .getBytes(StandardCharsets.ISO_8859_1);

            Answer answer = api.sendBytes("POST", "/api/v1/probe/echo", ApiFixture.ANONYMOUS, Map.of(), whole);

            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void aBodyOverTheEndpointsLimitIs413AlsoWithoutALength() {
        String big = GOOD.replace("hi", "x".repeat(5000));

        assertThat(api.post("/api/v1/probe/echo", ApiFixture.ANONYMOUS, big).status())
                .isEqualTo(413);
    }

    @Test
    void whatDoesNotExistIsAProblemToo() {
        assertThat(api.get("/api/v1/nothing", ApiFixture.ANONYMOUS).status()).isEqualTo(404);
        assertProblem(api.get("/api/v1/nothing", ApiFixture.ANONYMOUS));
        assertProblem(api.get("/nothing/at/all", ApiFixture.ANONYMOUS));
        Answer method = api.get("/api/v1/probe/echo", ApiFixture.ANONYMOUS);
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("POST");
        assertProblem(method);
        Answer type = api.send(
                "POST", "/api/v1/probe/echo", ApiFixture.ANONYMOUS, Map.of("Content-Type", "text/plain"), GOOD);
        assertThat(type.status()).isEqualTo(415);
        assertProblem(type);
        Answer accept =
                api.send("GET", "/api/v1/probe/items", ApiFixture.ANONYMOUS, Map.of("Accept", "image/png"), null);
        assertThat(accept.status()).isEqualTo(406);
        assertProblem(accept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/probe/number/x?times=1",
                "/api/v1/probe/number/01890000-0000-7000-8000-000000000000",
                "/api/v1/probe/number/01890000-0000-7000-8000-000000000000?times=x",
                "/api/v1/probe/number/01890000-0000-7000-8000-000000000000?times=1&other=2",
                "/api/v1/probe/items?=x",
                "/api/v1/probe/items?unknown=1"
            })
    void aBadParameterIsRefused(String path) {
        Answer answer = api.get(path, ApiFixture.ANONYMOUS);

        assertThat(answer.status()).isEqualTo(400);
        assertProblem(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "sort=evil", "cursor=!!", "limit=1&limit=2", "colour="})
    void aBadListQueryIsRefused(String query) {
        assertThat(api.get("/api/v1/probe/items?" + query, ApiFixture.ANONYMOUS).status())
                .isEqualTo(422);
    }

    @Test
    void aListIsReadAsItsEndpointDeclares() {
        Answer answer = api.get("/api/v1/probe/items?sort=name&limit=3&colour=red", ApiFixture.ANONYMOUS);

        assertThat(answer.json().at("/items/0/name").stringValue()).isEqualTo("name false 3 red");
        assertThat(answer.json().path("next_cursor").stringValue()).isNotEmpty();
        assertThat(api.get("/api/v1/probe/items", ApiFixture.ANONYMOUS)
                        .json()
                        .at("/items/0/name")
                        .stringValue())
                .isEqualTo("created true 50 -");
    }

    @Test
    void aListAsCsvRunsNoFormula() {
        Answer answer =
                api.send("GET", "/api/v1/probe/items", ApiFixture.ANONYMOUS, Map.of("Accept", "text/csv"), null);

        assertThat(answer.header("Content-Type")).startsWith("text/csv");
        assertThat(answer.header("X-Next-Cursor")).isNotEmpty();
        assertThat(answer.body().split("\r\n"))
                .containsExactly(
                        "name,count,labels",
                        "created true 50 -,1,{}",
                        "\"'=HYPERLINK(\"\"http://evil.test\"\")\",-2,\"{\"\"a\"\":\"\"b\"\"}\"");
    }

    @Test
    void theRequestIdIsTakenIfSaneAndMadeIfNot() {
        assertThat(withId("my-request-0001").header("X-Request-Id")).isEqualTo("my-request-0001");
        assertThat(withId("x").header("X-Request-Id")).isEqualTo("x");
        assertThat(withId("x".repeat(129)).header("X-Request-Id")).hasSize(36);
        assertThat(withId("a b c d e f g h").header("X-Request-Id")).hasSize(36);
    }

    @Test
    void anUnexpectedFailureTellsNothingButTheRequestId() {
        Answer answer = api.get("/api/v1/probe/fail/inside", ApiFixture.ANONYMOUS);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret", "IllegalState");
        assertProblem(answer);
    }

    @Test
    void aLostDatabaseIs503WithATimeToComeBack() {
        Answer answer = api.get("/api/v1/probe/fail/database", ApiFixture.ANONYMOUS);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.json().path("retryable").booleanValue()).isTrue();
        assertThat(answer.body()).doesNotContain("secret-host");
    }

    @Test
    void retryAfterIsRoundedUpToSeconds() {
        Answer answer = api.get("/api/v1/probe/fail/busy", ApiFixture.ANONYMOUS);

        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.json().path("retry_after_ms").intValue()).isEqualTo(1500);
    }

    @Test
    void anEndpointThatDeclaresNothingIsNotServed() {
        assertThat(api.get("/api/v1/probe/undeclared", api.user(Role.ADMIN)).status())
                .isEqualTo(500);
    }

    @Test
    void theSameKeyAndBodyGiveTheSameAnswerAndCreateOnce() {
        TestUser user = api.user(Role.USER);
        Answer first = make(user, "k1", "{\"text\": \"a\"}");
        Answer again = make(user, "k1", "{\"text\": \"a\"}");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(make(user, "k2", "{\"text\": \"a\"}").body()).isNotEqualTo(first.body());
        assertThat(make(api.user(Role.USER), "k1", "{\"text\": \"a\"}").body()).isNotEqualTo(first.body());
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        TestUser user = api.user(Role.USER);
        make(user, "k", "{\"text\": \"a\"}");

        Answer other = make(user, "k", "{\"text\": \"b\"}");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().at("/errors/0/field").stringValue()).isEqualTo("Idempotency-Key");
    }

    @Test
    void aRepeatAfterACrashInTheMiddleGetsTheSameId() {
        TestUser user = api.user(Role.USER);
        assertThat(make(user, "c", "{\"text\": \"broken\"}").status()).isEqualTo(500);
        var ids = api.postgres()
                .jdbc()
                .sql("select resource_id from idempotency_key where owner = :owner")
                .param("owner", user.id().value());
        Object bound = ids.query().singleValue();
        make(user, "c", "{\"text\": \"broken\"}");

        assertThat(ids.query().singleValue()).isEqualTo(bound);
    }

    @Test
    void anExpiredKeyIsANewOne() {
        TestUser user = api.user(Role.USER);
        Answer first = make(user, "old", "{\"text\": \"a\"}");
        api.postgres()
                .jdbc()
                .sql("update idempotency_key set created = now() - interval '25 hours' where owner = :owner")
                .param("owner", user.id().value())
                .update();

        assertThat(make(user, "old", "{\"text\": \"b\"}").status()).isEqualTo(201);
        assertThat(make(user, "old", "{\"text\": \"b\"}").body()).isNotEqualTo(first.body());
    }

    @Test
    void aMalformedKeyIsRefused() {
        assertThat(make(api.user(Role.USER), "k".repeat(256), "{\"text\": \"a\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        Answer answer = api.get("/api/v1/nothing", ApiFixture.ANONYMOUS);

        assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Strict-Transport-Security")).isEmpty();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.header("Server")).isEmpty();
    }

    @Test
    void anAddressTakesTheMethodsOfItsMostSpecificPattern() {
        String path = "/api/v1/probe/number/reset";

        Answer options = api.send("OPTIONS", path, ApiFixture.ANONYMOUS, Map.of(), null);
        Answer get = api.get(path + "?times=1", ApiFixture.ANONYMOUS);

        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo("OPTIONS, POST");
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.header("Allow")).contains("POST");
    }

    @Test
    void traceIsRefusedWithAProblem() {
        Answer answer = api.send("TRACE", "/api/v1/me", ApiFixture.ANONYMOUS, Map.of(), null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }

    private static Answer withId(String id) {
        return api.send("GET", "/api/v1/probe/items", ApiFixture.ANONYMOUS, Map.of("X-Request-Id", id), null);
    }

    private static Answer make(TestUser user, String key, String body) {
        return api.send("POST", "/api/v1/probe/things", user, Map.of("Idempotency-Key", key), body);
    }

    private static void assertProblem(Answer answer) {
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        var problem = answer.json();
        assertThat(problem.path("status").intValue()).isEqualTo(answer.status());
        for (String field : new String[] {"type", "title", "detail", "instance", "code"}) {
            assertThat(problem.path(field).asString("")).as(field).isNotEmpty();
        }
        assertThat(problem.path("request_id").stringValue()).isEqualTo(answer.header("X-Request-Id"));
        assertThat(problem.has("retryable")).isTrue();
    }
}
