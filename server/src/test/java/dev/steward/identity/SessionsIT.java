package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SessionsIT {

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    @Test
    void fiftyRefreshesAtOnceWithOneTokenMakeOneLiveChain() throws Exception {
        String token = refreshToken(login(api.user(Role.USER)));
        List<Callable<Answer>> calls = Stream.<Callable<Answer>>generate(() -> () -> refresh(token))
                .limit(50)
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> children = threads.invokeAll(calls).stream()
                    .map(Future::resultNow)
                    .peek(answer -> assertThat(answer.status()).isEqualTo(200))
                    .map(SessionsIT::refreshToken)
                    .distinct()
                    .toList();

            assertThat(children).hasSize(1);
            assertThat(refresh(children.getFirst()).status()).isEqualTo(200);
        }
    }

    @Test
    void aTokenShownAgainAfterItsChildWasUsedEndsTheSession() {
        Answer first = login(api.user(Role.USER));
        Answer second = refresh(refreshToken(first));
        Answer third = refresh(refreshToken(second));
        TestUser thief = bearer(third);
        assertThat(api.get("/api/v1/me", thief).status()).isEqualTo(200);

        assertThat(refresh(refreshToken(first)).status()).isEqualTo(401);

        assertThat(refresh(refreshToken(third)).status()).isEqualTo(401);
        assertThat(api.get("/api/v1/me", thief).status()).isEqualTo(401);
    }

    @Test
    void aTokenShownAgainAfterTheGraceTimeEndsTheSession() {
        Answer first = login(api.user(Role.USER));
        Answer second = refresh(refreshToken(first));
        api.postgres()
                .jdbc()
                .sql("update refresh_token set used = used - interval '11 seconds' where used is not null")
                .update();

        assertThat(refresh(refreshToken(first)).status()).isEqualTo(401);
        assertThat(refresh(refreshToken(second)).status()).isEqualTo(401);
    }

    @Test
    void aRepeatByAnotherClientIsNotTakenForALostAnswer() {
        Answer first = login(api.user(Role.USER));
        refresh(refreshToken(first));

        Answer other = api.send(
                "POST",
                "/api/v1/auth/refresh",
                ApiFixture.ANONYMOUS,
                java.util.Map.of("User-Agent", "another"),
                body(refreshToken(first)));

        assertThat(other.status()).isEqualTo(401);
    }

    @Test
    void aRefreshGoesOnlyAsFarAsTheAbsoluteEnd() {
        Answer first = login(api.user(Role.USER));
        api.postgres().jdbc().sql("update session set expires = now()").update();

        assertThat(refresh(refreshToken(first)).status()).isEqualTo(401);
    }

    @Test
    void signingOutEndsTheSessionAtOnce() {
        Answer session = login(api.user(Role.USER));
        TestUser user = bearer(session);
        assertThat(api.get("/api/v1/me", user).status()).isEqualTo(200);

        assertThat(api.post("/api/v1/auth/logout", ApiFixture.ANONYMOUS, body(refreshToken(session)))
                        .status())
                .isEqualTo(204);

        assertThat(api.get("/api/v1/me", user).status()).isEqualTo(401);
        assertThat(refresh(refreshToken(session)).status()).isEqualTo(401);
    }

    @Test
    void aSessionOfOnesOwnCanBeEndedFromAnother() {
        TestUser user = api.user(Role.USER);
        TestUser other = bearer(login(user));
        var sessions = api.get("/api/v1/me/sessions", user).json().path("items");
        assertThat(sessions.size()).isEqualTo(2);
        String id = sessions.at("/0/current").booleanValue()
                ? sessions.at("/1/id").stringValue()
                : sessions.at("/0/id").stringValue();

        assertThat(api.delete("/api/v1/me/sessions/" + id, user).status()).isEqualTo(204);

        assertThat(api.get("/api/v1/me", other).status()).isEqualTo(401);
        assertThat(api.get("/api/v1/me", user).status()).isEqualTo(200);
    }

    private static Answer login(TestUser user) {
        return api.post("/api/v1/auth/login", ApiFixture.ANONYMOUS, """
                {"email": "%s", "password": "%s"}""".formatted(user.email(), user.password()));
    }

    private static Answer refresh(String token) {
        return api.post("/api/v1/auth/refresh", ApiFixture.ANONYMOUS, body(token));
    }

    private static String body(String token) {
        return "{\"refresh_token\": \"" + token + "\"}";
    }

    private static TestUser bearer(Answer session) {
        return ApiFixture.ANONYMOUS.with(session.json().path("access_token").stringValue());
    }

    private static String refreshToken(Answer session) {
        return session.headers().getOrDefault("set-cookie", List.of()).stream()
                .filter(line -> line.startsWith("steward_refresh="))
                .map(line -> line.substring("steward_refresh=".length(), line.indexOf(';')))
                .findFirst()
                .orElseThrow();
    }
}
