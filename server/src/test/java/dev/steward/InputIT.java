package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What people type, all the way through HTTP (CHAT-4).
class InputIT {

    private static final String SCRIPT = "Why is <script>alert(1)</script> dangerous?";

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    @AutoClose
    private static final WholeServer strict = WholeServer.start("input.strict=true");

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.USER);

    @Test
    void aMessageWithSignsOfAnAttackIsStoredAsTypedWithItsFlags() {
        Answer accepted = say(api, user, SCRIPT);

        assertThat(accepted.status()).isEqualTo(202);
        JsonNode turn = api.get(
                        "/api/v1/turns/" + accepted.json().at("/turn/id").stringValue(), user)
                .json();
        assertThat(turn.path("message").stringValue()).isEqualTo(SCRIPT);
        JsonNode flag = turn.at("/input_flags/0");
        assertThat(flag.path("kind").stringValue()).isEqualTo("xss");
        assertThat(flag.path("score").doubleValue()).isGreaterThanOrEqualTo(0.5);
        assertThat(SCRIPT.substring(
                        flag.at("/spans/0/from").intValue(),
                        flag.at("/spans/0/to").intValue()))
                .isEqualTo("<script");
    }

    @Test
    void theFlagsAreInTheLogThatNeverChanges() {
        String turn = say(api, user, SCRIPT).json().at("/turn/id").stringValue();

        String detail = api.bean(JdbcClient.class)
                .sql("select detail from conversation_log where turn_id = cast(:turn as uuid) and kind = 'user'")
                .param("turn", turn)
                .query(String.class)
                .single();
        assertThat(detail).contains("\"flags\"", "\"xss\"");
    }

    @Test
    void anOrdinaryMessageHasNoFlags() {
        Answer accepted = say(api, user, "What is the capital of France?");

        assertThat(accepted.json().at("/turn/input_flags").isEmpty()).isTrue();
        assertThat(accepted.json().at("/turn/input_flags").isArray()).isTrue();
    }

    @Test
    void strictModeRefusesTheMessageAndStoresNothing() {
        TestUser other = strict.api().user(Role.USER);
        Answer refused = say(strict.api(), other, SCRIPT);

        assertRefused(refused, "message", "xss");
        assertThat(strict.api()
                        .bean(JdbcClient.class)
                        .sql("select count(*) from turn where owner = :owner")
                        .param("owner", other.id().value())
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(say(strict.api(), other, "What is the capital of France?").status())
                .isEqualTo(202);
    }

    @Test
    void strictModeRefusesBackgroundQuestionsAndCommentsToo() {
        TestUser other = strict.api().user(Role.USER);
        assertRefused(strict.api().post("/api/v1/tasks", other, """
                {"type": "prompt", "input": {"message": "' or 1=1--"}}"""), "input.message", "sql_injection");
        assertRefused(strict.api().post("/api/v1/tasks", other, """
                {"type": "prompt", "input": {"message": "Hi"}, "description": "<script>x</script>"}"""), "description", "xss");
        String turn = say(strict.api(), other, "Hi").json().at("/turn/id").stringValue();
        assertRefused(strict.api().post("/api/v1/turns/" + turn + "/feedback", other, """
                {"rating": "down", "comment": "<script>x</script>"}"""), "comment", "xss");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"\"', required",
        "'\" \\u200b\"', required",
        "'\"a\\u0000b\"', characters",
        "'\"\\ud83d\"', characters"
    })
    void aMessageThatCanNotBeKeptIsRefused(String json, String rule) {
        assertRefused(sayJson(json), "message", rule);
    }

    @Test
    void aMessageHasAtMostTenThousandCharacters() {
        assertThat(say(api, user, "😀".repeat(10_000)).status()).isEqualTo(202);
        assertRefused(say(api, user, "x".repeat(10_001)), "message", "length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "true", "[]", "{}", "[\"a\"]", "{\"text\": \"a\"}"})
    void aMessageOfAnotherTypeIsRefusedWithItsField(String json) {
        Answer refused = sayJson(json);

        assertThat(refused.status()).isIn(400, 422);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.json().at("/errors/0/field").stringValue()).isEqualTo("message");
    }

    @ParameterizedTest
    @CsvSource({
        "<script>alert(1)</script>, xss",
        "../../etc/passwd, path_traversal",
        "x' or 1=1--, sql_injection",
        "'', length"
    })
    void aTitleIsRefusedOnAHitAlsoWhenItIsChanged(String title, String rule) {
        String body = json("title", title);
        assertRefused(api.post("/api/v1/conversations", user, body), "title", rule);
        String id = conversation(api, user);
        assertRefused(api.patch("/api/v1/conversations/" + id, user, body), "title", rule);
        assertThat(api.get("/api/v1/conversations/" + id, user)
                        .json()
                        .path("title")
                        .stringValue())
                .isNotEqualTo(title);
    }

    @Test
    void aTitleIsKeptComposedAndWithoutSpacesAround() {
        Answer made = api.post("/api/v1/conversations", user, json("title", "  Cafe\u0301 & more  "));

        assertThat(made.json().path("title").stringValue()).isEqualTo("Caf\u00e9 & more");
    }

    @Test
    void anUnknownAgentIsRefusedWithThoseThereAre() {
        Answer refused = api.post("/api/v1/conversations", user, json("agent", "<script>"));

        assertRefused(refused, "agent", "unknown_agent");
        assertThat(refused.json().at("/errors/0/message").stringValue()).contains("alpha", "eta");
    }

    @Test
    void namesOfPeopleAndKeysAreRefusedOnAHit() {
        assertRefused(
                api.patch("/api/v1/me", user, json("display_name", "<script>alert(1)</script>")),
                "display_name",
                "xss");
        assertRefused(api.post("/api/v1/auth/register", ApiFixture.ANONYMOUS, """
                {"email": "eve@example.test", "password": "a good long test password",
                 "display_name": "<img src=x onerror=alert(1)>"}"""), "display_name", "xss");
        assertRefused(api.post("/api/v1/api-keys", user, """
                {"name": "../../etc/passwd", "scopes": ["read"]}"""), "name", "path_traversal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__proto__", "a b", "<b>", "a..b", "1a"})
    void aKeyOfMetadataMustBeAName(String key) {
        String body = """
                {"type": "prompt", "input": {"message": "Hi"}, "metadata": {"nested": {"%s": 1}}}""".formatted(key);
        Answer refused = api.post("/api/v1/tasks", user, body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().at("/errors/0/field").stringValue()).startsWith("metadata.nested");
    }

    private static String conversation(ApiFixture api, TestUser user) {
        return api.post("/api/v1/conversations", user, "{}").json().path("id").stringValue();
    }

    private static Answer say(ApiFixture api, TestUser user, String message) {
        return api.post("/api/v1/conversations/" + conversation(api, user) + "/turns", user, json("message", message));
    }

    private Answer sayJson(String message) {
        return api.post(
                "/api/v1/conversations/" + conversation(api, user) + "/turns", user, "{\"message\": " + message + "}");
    }

    private static String json(String field, String value) {
        return JsonMapper.shared().createObjectNode().put(field, value).toString();
    }

    private static void assertRefused(Answer answer, String field, String rule) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(422);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("code").stringValue()).isEqualTo("validation_error");
        JsonNode fault = answer.json().at("/errors/0");
        assertThat(fault.path("field").stringValue()).isEqualTo(field);
        assertThat(fault.path("rule").stringValue()).isEqualTo(rule);
        assertThat(fault.path("message").stringValue()).isNotBlank();
    }
}
