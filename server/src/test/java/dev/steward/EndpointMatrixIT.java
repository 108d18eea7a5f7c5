package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.EndpointMatrix;
import dev.steward.testing.EndpointMatrix.Resource;
import dev.steward.testing.Eventually;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.web.servlet.HandlerMapping;

/// Every route of the whole server, as everybody.
class EndpointMatrixIT {

    /// Doors beside the controllers, each with what it needs to be let in.
    private static final Map<String, String> SERVLETS =
            Map.of("/v1/models/*", "GET", "/v1/chat/completions", "POST", "/v1/embeddings", "POST");

    /// Says that there is nothing, to everybody.
    private static final String NOTHING_THERE = "/v1/*";

    /// Where Spring looks for who answers, besides the controllers: nothing of it gives anybody's data.
    private static final Set<String> OTHER_MAPPINGS = Set.of(
            "requestMappingHandlerMapping",
            "routerFunctionMapping",
            "beanNameHandlerMapping",
            "resourceHandlerMapping",
            "defaultServletHandlerMapping",
            "viewControllerHandlerMapping",
            "welcomePageHandlerMapping",
            "welcomePageNotAcceptableHandlerMapping");

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    private final ApiFixture api = server.api();

    @Test
    void everyEndpointLetsInExactlyWhomItDeclares() {
        new EndpointMatrix(api).checkPermissions();
    }

    @Test
    void aForeignIdIsAnsweredLikeAMissingOne() {
        Map<String, Resource> resources = new HashMap<>();
        resources.put("/api/v1/me/sessions/{id}", Resource.of(this::session));
        resources.put("/api/v1/api-keys/{id}", Resource.of(this::apiKey));
        resources.put("/api/v1/tasks/{id}", Resource.of(this::task));
        resources.put("/api/v1/tasks/batches/{id}", Resource.of(this::batch));
        resources.put("/api/v1/dlq/{id}", Resource.of(this::deadLetter));
        resources.put(
                "/api/v1/conversations/{id}",
                new Resource(this::conversation, Map.of("POST /api/v1/conversations/{id}/turns", """
                        {"message": "Hi"}""")));
        resources.put("/api/v1/turns/{id}", new Resource(this::turn, Map.of("POST /api/v1/turns/{id}/feedback", """
                        {"rating": "up"}""")));
        resources.put("/api/v1/schedules/{id}", Resource.of(this::schedule));
        // Whoever has the token may read: it is the key itself.
        resources.put("/api/v1/calendars/{token}", Resource.shared());
        // Administrators see every account; what follows belongs to the server.
        resources.put(
                "/api/v1/users/{id}",
                new Resource(_ -> UUID.randomUUID().toString(), Map.of("PUT /api/v1/users/{id}/password", """
                        {"new_password": "correct horse battery staple"}""")));
        resources.put(
                "/api/v1/agents/{name}",
                new Resource(_ -> UUID.randomUUID().toString(), Map.of("PUT /api/v1/agents/{name}/chain", """
                        {"models": ["a/b"]}""")));
        resources.put("/api/v1/backends/{name}", Resource.shared());
        resources.put("/api/v1/breakers/{name}", Resource.shared());
        resources.put("/api/v1/models/catalogue/{id}", Resource.shared());
        resources.put("/api/v1/task-types/{type}", Resource.shared());

        new EndpointMatrix(api).checkForeignIds(resources);
    }

    @Test
    void whatIsServedBesideTheControllersIsKnownHere() {
        Set<String> servlets = api.context().getBeansOfType(ServletRegistrationBean.class).values().stream()
                .flatMap(bean -> ((ServletRegistrationBean<?>) bean).getUrlMappings().stream())
                .filter(path -> !path.equals("/") && !path.equals(NOTHING_THERE))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(servlets).isEqualTo(new TreeSet<>(SERVLETS.keySet()));
        assertThat(OTHER_MAPPINGS)
                .containsAll(api.context().getBeansOfType(HandlerMapping.class).keySet());
    }

    @Test
    void theOpenAiDoorLetsInExactlyThoseWhoMay() {
        SERVLETS.forEach((pattern, method) -> {
            String body = method.equals("POST") ? "{}" : null;
            String path = pattern.replace("/*", "");
            assertThat(api.send(method, path, ApiFixture.ANONYMOUS, Map.of(), body)
                            .status())
                    .as("%s by nobody", path)
                    .isEqualTo(401);
            for (Role role : Role.values()) {
                Answer answer = api.send(method, path, api.user(role), Map.of(), body);
                if (method.equals("POST") && role == Role.VIEWER) {
                    assertThat(answer.status()).as("%s by %s", path, role).isEqualTo(403);
                } else {
                    assertThat(answer.status()).as("%s by %s", path, role).isNotIn(401, 403);
                }
            }
        });
    }

    @Test
    void everyRoomWithRoutesIsInTheMatrix() {
        Set<String> first = new EndpointMatrix(api)
                .routes().stream()
                        .map(route -> Arrays.stream(route.path().split("/"))
                                .filter(part -> !part.isEmpty() && !part.equals("api") && !part.equals("v1"))
                                .findFirst()
                                .orElse(""))
                        .collect(Collectors.toSet());
        assertThat(first)
                .contains(
                        "agents",
                        "api-keys",
                        "auth",
                        "backends",
                        "breakers",
                        "conversations",
                        "dlq",
                        "health",
                        "me",
                        "metrics",
                        "models",
                        "schedules",
                        "system",
                        "tasks",
                        "turns",
                        "users");
    }

    private String session(TestUser user) {
        return api.get("/api/v1/me/sessions", user).json().at("/items/0/id").stringValue();
    }

    private String apiKey(TestUser user) {
        return id(api.post("/api/v1/api-keys", user, """
                {"name": "test", "scopes": ["read"]}"""));
    }

    private String task(TestUser user) {
        return id(api.post("/api/v1/tasks", user, """
                {"type": "prompt", "input": {"message": "Hi"}}"""));
    }

    private String batch(TestUser user) {
        return id(api.post("/api/v1/tasks/batches", user, """
                {"tasks": [{"type": "prompt", "input": {"message": "Hi"}}]}"""));
    }

    private String schedule(TestUser user) {
        return id(api.post("/api/v1/tasks", user, """
                {"type": "reminder", "input": {"text": "Hi"}, "schedule": {"cron": "0 8 * * *"}}"""));
    }

    private String deadLetter(TestUser user) {
        String task = id(api.post("/api/v1/tasks", user, """
                {"type": "noop", "max_retries": 0, "input": {"fail_times": 100}}"""));
        Eventually.until(
                "the task is a dead letter",
                () -> api.get("/api/v1/dlq/" + task, user).status() == 200);
        return task;
    }

    private String conversation(TestUser user) {
        return id(api.post("/api/v1/conversations", user, "{}"));
    }

    private String turn(TestUser user) {
        Answer accepted = api.post("/api/v1/conversations/" + conversation(user) + "/turns", user, """
                {"message": "What is the capital of France?"}""");
        return accepted.json().at("/turn/id").stringValue();
    }

    private static String id(Answer created) {
        assertThat(created.status()).as("%s", created).isEqualTo(201);
        return UUID.fromString(created.json().path("id").stringValue()).toString();
    }
}
