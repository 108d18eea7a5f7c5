package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What operators and administrators work with, on the whole server.
class OperatorDeskIT {

    private static final String NEW_PASSWORD = "a boat on a very calm lake";
    private static final String HOST = "https://www.example.org";

    @AutoClose
    private static final WholeServer server =
            WholeServer.start("widget.origins=[\"" + HOST + "\", \"http://127.0.0.1:7000\"]");

    private final ApiFixture api = server.api();
    private final TestUser admin = api.user(Role.ADMIN);

    private String deadLetter(TestUser owner) {
        Answer made = api.post("/api/v1/tasks", owner, """
                {"type": "noop", "description": "Drill", "input": {"fail_times": 9}, "max_retries": 0}""");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        String id = made.json().path("id").asString("");
        Eventually.until(
                "it is a dead letter", () -> api.get("/api/v1/dlq/" + id, owner).status() == 200);
        return id;
    }

    private String fingerprint(TestUser owner, String id) {
        return api.get("/api/v1/dlq/" + id, owner).json().path("fingerprint").asString("");
    }

    @Test
    void anOperatorSeesTheAttemptsOfSomebodyElsesDeadLetter() {
        TestUser owner = api.user(Role.OPERATOR);
        String id = deadLetter(owner);

        Answer attempts = api.get("/api/v1/dlq/" + id + "/attempts", admin);

        assertThat(attempts.status()).as(attempts.body()).isEqualTo(200);
        assertThat(attempts.json().at("/items/0/error/message").asString("")).isNotEmpty();
        assertThat(api.get("/api/v1/dlq/" + id + "/attempts", api.user(Role.USER))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theHistoryKeepsTheInputAsItWasBeforeEachEdit() {
        TestUser owner = api.user(Role.OPERATOR);
        String id = deadLetter(owner);
        api.post("/api/v1/dlq/" + id + "/retry", owner, """
                {"input": {"fail_times": 0}, "reason": "wrong count"}""");

        Answer replays = api.get("/api/v1/tasks/" + id + "/replays", owner);

        assertThat(replays.json().at("/items/0/reason").asString("")).isEqualTo("wrong count");
        assertThat(replays.json().at("/items/0/input_before/fail_times").asInt(0))
                .isEqualTo(9);
        assertThat(replays.json().at("/items/0/actor").asString(""))
                .isEqualTo(owner.id().value().toString());
    }

    @Test
    void causesAreCountedAndAWholeOneIsDismissedAfterATry() {
        TestUser owner = api.user(Role.USER);
        TestUser maker = api.user(Role.OPERATOR);
        String id = deadLetter(maker);
        String print = fingerprint(maker, id);
        String body = "{\"fingerprint\": \"" + print + "\", \"dry_run\": %s}";

        Answer causes = api.get("/api/v1/dlq/causes", maker);
        assertThat(causes.body()).contains(print);
        assertThat(api.get("/api/v1/dlq/causes", owner).json().path("items").size())
                .isZero();

        Answer counted = api.post("/api/v1/dlq/dismiss", maker, body.formatted(true));
        assertThat(counted.json().path("matched").asLong(0)).isPositive();
        assertThat(counted.json().path("dismissed").asLong(-1)).isZero();
        assertThat(api.get("/api/v1/dlq/" + id, maker).status()).isEqualTo(200);

        assertThat(api.post("/api/v1/dlq/dismiss", owner, body.formatted(false))
                        .json()
                        .path("dismissed")
                        .asLong(-1))
                .isZero();
        Answer dismissed = api.post("/api/v1/dlq/dismiss", maker, body.formatted(false));
        assertThat(dismissed.json().path("dismissed").asLong(0)).isPositive();
        assertThat(api.get("/api/v1/dlq/" + id, maker).status()).isEqualTo(404);
        assertThat(api.get("/api/v1/tasks/" + id, maker).json().path("status").asString(""))
                .isEqualTo("failed");
    }

    @Test
    void anAdministratorGivesANewPasswordAndEndsSessions() {
        TestUser person = api.user(Role.USER);
        String path = "/api/v1/users/" + person.id().value();
        assertThat(api.get(path + "/sessions", admin).json().path("items").size())
                .isPositive();

        Answer reset = api.put(path + "/password", admin, "{\"new_password\": \"" + NEW_PASSWORD + "\"}");

        assertThat(reset.status()).as(reset.body()).isEqualTo(204);
        assertThat(api.get("/api/v1/me", person).status()).isEqualTo(401);
        Answer in = api.post(
                "/api/v1/auth/login",
                ApiFixture.ANONYMOUS,
                "{\"email\": \"" + person.email() + "\", \"password\": \"" + NEW_PASSWORD + "\"}");
        assertThat(in.status()).isEqualTo(200);
        TestUser again = person.with(in.json().path("access_token").asString(""));
        assertThat(api.delete(path + "/sessions", admin).status()).isEqualTo(204);
        assertThat(api.get("/api/v1/me", again).status()).isEqualTo(401);
    }

    @Test
    void aWeakPasswordOrOnesOwnIsRefused() {
        TestUser person = api.user(Role.USER);
        assertThat(api.put("/api/v1/users/" + person.id().value() + "/password", admin, "{\"new_password\": \"short\"}")
                        .status())
                .isEqualTo(422);
        assertThat(api.put(
                                "/api/v1/users/" + admin.id().value() + "/password",
                                admin,
                                "{\"new_password\": \"" + NEW_PASSWORD + "\"}")
                        .status())
                .isEqualTo(409);
        assertThat(api.get("/api/v1/me", person).status()).isEqualTo(200);
    }

    @Test
    void accountsAreFoundByAPartOfTheirName() {
        TestUser person = api.user(Role.USER);
        String part = person.email().substring(0, person.email().indexOf('@'));

        Answer found = api.get("/api/v1/users?q=" + part.toUpperCase(java.util.Locale.ROOT), admin);

        assertThat(found.body()).contains(person.email()).doesNotContain(admin.email());
        assertThat(api.get("/api/v1/users?q=%25", admin).json().path("items").size())
                .isZero();
    }

    @Test
    void onlyTheWidgetsPageMayBeFramedAndOnlyByNamedSites() {
        Map<String, String> html = Map.of("Accept", "text/html");
        Answer widget = api.send("GET", "/widget", ApiFixture.ANONYMOUS, html, null);
        Answer page = api.send("GET", "/", ApiFixture.ANONYMOUS, html, null);

        assertThat(widget.header("Content-Security-Policy"))
                .contains("frame-ancestors 'self' " + HOST + " http://127.0.0.1:7000;")
                .doesNotContain("unsafe");
        assertThat(widget.headers()).doesNotContainKey("x-frame-options");
        assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    }

    @Test
    void aFrameHasCookiesOfItsOwnThatBrowsersKeepApart() {
        TestUser person = api.user(Role.USER);
        String body = "{\"email\": \"" + person.email() + "\", \"password\": \"" + person.password() + "\"}";
        Answer in =
                api.send("POST", "/api/v1/auth/login", ApiFixture.ANONYMOUS, Map.of("X-Steward-Frame", "widget"), body);
        List<String> cookies = in.headers().getOrDefault("set-cookie", List.of());

        assertThat(cookies)
                .hasSize(3)
                .allSatisfy(cookie -> assertThat(cookie)
                        .startsWith("steward_frame_")
                        .contains("Partitioned", "SameSite=None", "Secure"));
        String access = cookies.stream()
                .filter(cookie -> cookie.startsWith("steward_frame_access="))
                .findFirst()
                .orElseThrow();
        Map<String, String> headers = new HashMap<>();
        headers.put("Cookie", access.substring(0, access.indexOf(';')));
        assertThat(api.send("GET", "/api/v1/me", ApiFixture.ANONYMOUS, headers, null)
                        .status())
                .isEqualTo(401);
        headers.put("X-Steward-Frame", "widget");
        assertThat(api.send("GET", "/api/v1/me", ApiFixture.ANONYMOUS, headers, null)
                        .status())
                .isEqualTo(200);
    }
}
