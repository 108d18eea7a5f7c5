package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsIT {

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    @Test
    void aUserSeesTheirOwnAccountAtBothPaths() {
        TestUser user = api.user(Role.USER);

        Answer answer = api.get("/api/v1/me", user);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("email").stringValue()).isEqualTo(user.email());
        assertThat(api.get("/api/me", user).body()).isEqualTo(answer.body());
    }

    @Test
    void ofManyFirstRegistrationsExactlyOneIsTheAdministrators() throws Exception {
        try (ApiFixture fresh = ApiFixture.start()) {
            List<Answer> answers = inParallel(IntStream.range(0, 12)
                    .<Callable<Answer>>mapToObj(i -> () -> register(fresh, "first" + i + "@example.test"))
                    .toList());

            assertThat(answers).allMatch(answer -> answer.status() == 201);
            assertThat(answers.stream()
                            .filter(a -> a.json().at("/user/role").stringValue().equals("admin")))
                    .hasSize(1);
        }
    }

    @Test
    void anAddressIsTakenWhateverItsCase() {
        register(api, "Someone@Example.Test");

        assertThat(register(api, "someone@example.test").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource({
        "no-address, a good long password, Name, email, format",
        "a@@b, a good long password, Name, email, format",
        "weak1@example.test, short, Name, password, length",
        "weak2@example.test, password123, Name, password, common",
        "weak3@example.test, aaaaaaaaaaaa, Name, password, common",
        "weakling@example.test, weakling4, Name, password, context",
        "weak5@example.test, a good long password, ' ', display_name, length"
    })
    void aBadRegistrationIsRefusedWithTheFieldAndTheRule(
            String email, String password, String name, String field, String rule) {
        Answer answer = api.post("/api/v1/auth/register", ApiFixture.ANONYMOUS, """
                {"email": "%s", "password": "%s", "display_name": "%s"}""".formatted(email, password, name));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/field").stringValue()).isEqualTo(field);
        assertThat(answer.json().at("/errors/0/rule").stringValue()).isEqualTo(rule);
    }

    @Test
    void aRefusalCanBeSaidInOtherLanguages() {
        Answer short4 = api.post("/api/v1/auth/register", ApiFixture.ANONYMOUS, """
                {"email": "short4@example.test", "password": "short", "display_name": "Name"}""");

        assertThat(short4.json().at("/words/0/code").stringValue()).isEqualTo("request_refused");
        assertThat(short4.json().at("/errors/0/message").stringValue())
                .isEqualTo("must have at least 8 characters; 15 or more are better");
        assertThat(short4.json().at("/errors/0/words/0/code").stringValue()).isEqualTo("password_too_short");
        assertThat(short4.json().at("/errors/0/words/0/values/min").intValue()).isEqualTo(8);
        assertThat(login("nobody@example.test", "not the password at all")
                        .json()
                        .at("/words/0/code")
                        .stringValue())
                .isEqualTo("sign_in_wrong");
    }

    @Test
    void aWrongPasswordAndAnUnknownAccountGetTheSameAnswer() {
        TestUser user = api.user(Role.USER);

        Answer wrong = login(user.email(), "not the password at all");
        Answer unknown = login("nobody@example.test", "not the password at all");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.json().path("detail")).isEqualTo(unknown.json().path("detail"));
        assertThat(wrong.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @Test
    void afterSomeFailuresASignInHasToWaitAndTheAccountStaysOpenToOthers() {
        TestUser user = api.user(Role.USER);
        Map<String, String> stranger = Map.of("X-Forwarded-For", "203.0.113.7");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            statuses.add(login(user.email(), "wrong wrong wrong", stranger).status());
        }

        assertThat(statuses).startsWith(401, 401, 401, 401, 401).contains(429);
        Answer refused = login(user.email(), user.password(), stranger);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).matches("\\d+");
        assertThat(login(user.email(), user.password(), Map.of("X-Forwarded-For", "198.51.100.9"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aNewPasswordEndsEveryOtherSession() {
        TestUser user = api.user(Role.USER);
        TestUser elsewhere = user.with(
                login(user.email(), user.password()).json().path("access_token").stringValue());

        Answer changed = api.put("/api/v1/me/password", user, """
                {"current_password": "%s", "new_password": "another good long one"}""".formatted(user.password()));

        assertThat(changed.status()).isEqualTo(204);
        assertThat(api.get("/api/v1/me", elsewhere).status()).isEqualTo(401);
        assertThat(api.get("/api/v1/me", user).status()).isEqualTo(200);
        assertThat(login(user.email(), "another good long one").status()).isEqualTo(200);
    }

    @Test
    void aDeletedAccountIsGoneAtOnce() {
        api.user(Role.ADMIN);
        TestUser user = api.user(Role.USER);

        assertThat(api.delete("/api/v1/me", user).status()).isEqualTo(204);

        assertThat(api.get("/api/v1/me", user).status()).isEqualTo(401);
        assertThat(login(user.email(), user.password()).status()).isEqualTo(401);
    }

    @Test
    void aNewRoleAndADeactivationTakeEffectAtOnce() {
        TestUser admin = api.user(Role.ADMIN);
        TestUser user = api.user(Role.USER);
        assertThat(api.get("/api/v1/users", user).status()).isEqualTo(403);

        api.patch("/api/v1/users/" + user.id(), admin, "{\"role\": \"admin\"}");
        assertThat(api.get("/api/v1/users", user).status()).isEqualTo(200);

        api.patch("/api/v1/users/" + user.id(), admin, "{\"active\": false}");
        assertThat(api.get("/api/v1/me", user).status()).isEqualTo(401);
        assertThat(login(user.email(), user.password()).status()).isEqualTo(401);
    }

    @Test
    void theLastAdministratorStays() {
        try (ApiFixture fresh = ApiFixture.start()) {
            TestUser admin = fresh.user(Role.ADMIN);

            assertThat(fresh.delete("/api/v1/me", admin).status()).isEqualTo(409);
            assertThat(fresh.patch("/api/v1/users/" + admin.id(), admin, "{\"role\": \"user\"}")
                            .status())
                    .isEqualTo(409);
            assertThat(fresh.patch("/api/v1/users/" + admin.id(), admin, "{\"active\": false}")
                            .status())
                    .isEqualTo(409);
        }
    }

    @Test
    void theListOfAccountsIsPagedWithoutGapsInBothDirections() {
        try (ApiFixture fresh = ApiFixture.start()) {
            TestUser admin = fresh.user(Role.ADMIN);
            for (int i = 0; i < 4; i++) {
                fresh.user(Role.USER);
            }
            for (String sort : List.of("created", "-created")) {
                List<String> seen = new ArrayList<>();
                String next = "/api/v1/users?limit=2&sort=" + sort;
                for (int page = 0; page < 3; page++) {
                    Answer answer = fresh.get(next, admin);
                    answer.json()
                            .path("items")
                            .forEach(item -> seen.add(item.path("id").stringValue()));
                    next = "/api/v1/users?limit=2&sort=" + sort + "&cursor="
                            + answer.json().path("next_cursor").asString("");
                }
                assertThat(seen).hasSize(5).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aBrowsersChangeNeedsTheCsrfTokenOfItsSession() {
        TestUser user = api.user(Role.USER);
        Answer signedIn = login(user.email(), user.password());
        Map<String, String> cookies = cookies(signedIn);
        String cookie = "steward_access=" + cookies.get("steward_access");
        String path = "/api/v1/me";

        assertThat(browser("GET", path, cookie, Map.of(), null).status()).isEqualTo(200);
        assertThat(browser("PATCH", path, cookie, Map.of(), "{}").status()).isEqualTo(403);
        assertThat(browser("PATCH", path, cookie, Map.of("X-CSRF-Token", "forged"), "{}")
                        .status())
                .isEqualTo(403);
        String token = cookies.get("steward_csrf");
        assertThat(browser("PATCH", path, cookie, Map.of("X-CSRF-Token", token), "{}")
                        .status())
                .isEqualTo(200);
        assertThat(browser("PATCH", path, cookie, Map.of("X-CSRF-Token", token, "Sec-Fetch-Site", "cross-site"), "{}")
                        .status())
                .isEqualTo(403);
        assertThat(browser("PATCH", path, cookie, Map.of("X-CSRF-Token", token, "Origin", "https://evil.test"), "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whoWasSignedOutElsewhereCanSignInAgainThoughTheirBrowserStillSendsTheCookie() {
        TestUser user = api.user(Role.USER);
        Answer here = login(user.email(), user.password());
        String there = "steward_access="
                + cookies(login(user.email(), user.password())).get("steward_access");
        assertThat(browser("GET", "/api/v1/me", there, Map.of(), null).status()).isEqualTo(200);
        TestUser me = ApiFixture.ANONYMOUS.with(here.json().path("access_token").stringValue());
        for (var session : api.get("/api/v1/me/sessions", me).json().path("items")) {
            if (!session.path("current").booleanValue()) {
                api.delete("/api/v1/me/sessions/" + session.path("id").stringValue(), me);
            }
        }

        assertThat(browser("GET", "/api/v1/me", there, Map.of(), null).status()).isEqualTo(401);
        assertThat(browser("GET", "/api/v1/auth", there, Map.of(), null).status())
                .isEqualTo(200);
    }

    @Test
    void cookiesAreOutOfReachOfScriptsAndBoundToTheHostOverTls() {
        TestUser user = api.user(Role.USER);

        List<String> plain = login(user.email(), user.password()).headers().get("set-cookie");
        List<String> tls = login(user.email(), user.password(), Map.of("X-Forwarded-Proto", "https"))
                .headers()
                .get("set-cookie");

        assertThat(plain).filteredOn(c -> !c.startsWith("steward_csrf")).allMatch(c -> c.contains("HttpOnly"));
        assertThat(plain).allMatch(c -> c.contains("SameSite=Lax"));
        assertThat(tls).allMatch(c -> c.startsWith("__Host-") && c.contains("Secure") && c.contains("Path=/"));
    }

    @Test
    void anApiKeyIsShownOnceDoesWhatItsScopesSayAndDiesWithItsDeletion() {
        TestUser user = api.user(Role.USER);
        Answer made = api.send("POST", "/api/v1/api-keys", user, Map.of("Idempotency-Key", "make-1"), """
                {"name": "ci", "scopes": ["read"]}""");
        Answer again = api.send("POST", "/api/v1/api-keys", user, Map.of("Idempotency-Key", "make-1"), """
                {"name": "ci", "scopes": ["read"]}""");
        TestUser program = user.with(made.json().path("key").stringValue());

        assertThat(made.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(made.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(program.token()).startsWith("stw_");
        assertThat(api.get("/api/v1/api-keys", user).body()).doesNotContain(program.token());
        assertThat(api.get("/api/v1/me", program).status()).isEqualTo(403);
        assertThat(api.get("/api/v1/me", program.with(program.token() + "x")).status())
                .isEqualTo(401);
        assertThat(api.delete("/api/v1/api-keys/" + made.json().path("id").stringValue(), user)
                        .status())
                .isEqualTo(204);
        assertThat(api.get("/api/v1/me", program).status()).isEqualTo(401);
        assertThat(api.postgres()
                        .jdbc()
                        .sql("select encode(answer, 'escape') from idempotency_key")
                        .query(String.class)
                        .list())
                .noneMatch(answer -> answer.contains("stw_"));
    }

    @Test
    void aKeyCantBeGivenMoreThanItsMakerMayDo() {
        assertThat(api.post("/api/v1/api-keys", api.user(Role.USER), """
                        {"name": "more", "scopes": ["administer"]}""").status())
                .isEqualTo(403);
    }

    private static Answer register(ApiFixture to, String email) {
        return to.post("/api/v1/auth/register", ApiFixture.ANONYMOUS, """
                {"email": "%s", "password": "a good long password", "display_name": "N"}""".formatted(email));
    }

    private static Answer login(String email, String password) {
        return login(email, password, Map.of());
    }

    private static Answer login(String email, String password, Map<String, String> headers) {
        return api.send("POST", "/api/v1/auth/login", ApiFixture.ANONYMOUS, headers, """
                {"email": "%s", "password": "%s"}""".formatted(email, password));
    }

    private static Answer browser(
            String method, String path, String cookie, Map<String, String> headers, @Nullable String body) {
        Map<String, String> all = new java.util.HashMap<>(headers);
        all.put("Cookie", cookie);
        return api.send(method, path, ApiFixture.ANONYMOUS, all, body);
    }

    private static Map<String, String> cookies(Answer answer) {
        Map<String, String> cookies = new java.util.HashMap<>();
        for (String line : answer.headers().getOrDefault("set-cookie", List.of())) {
            String pair = line.substring(0, line.indexOf(';'));
            cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return cookies;
    }

    private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
        }
        return results;
    }
}
