package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a process of each role does, and what it leaves to the others (OPS-5).
class RoleIT {

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
}
