package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.steward.base.IdSource;
import dev.steward.base.Role;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A notice of a run that went wrong reaches somebody although conversations can't be written.
class NoticeChannelIT {

    private static final List<String> posted = new CopyOnWriteArrayList<>();
    private static final HttpServer operator = operator();

    @AutoClose
    private static final WholeServer server = WholeServer.start(
            "schedules.notice_url=http://127.0.0.1:" + operator.getAddress().getPort() + "/secret",
            "egress.allow=[127.0.0.1/32]");

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.USER);
    private final JdbcClient jdbc = api.bean(JdbcClient.class);

    private static HttpServer operator() {
        try {
            var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            http.start();
            return http;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        operator.stop(0);
    }

    @Test
    void aNoticeThatCanNotBeToldIsPostedOnceToTheOperatorAndToldWhenThatWorksAgain() {
        jdbc.sql("""
                create function refuse_turn() returns trigger language plpgsql as
                $$ begin raise exception 'conversations are broken'; end $$
                """).update();
        jdbc.sql("create trigger refuse_turn before insert on turn for each row execute function refuse_turn()")
                .update();
        var notice = new TaskId(api.bean(IdSource.class).next());
        api.bean(TaskQueue.class)
                .accept(new NewTask(
                        notice,
                        user.id(),
                        "notice",
                        Priority.HIGH,
                        "",
                        "{\"text\": \"the backup did not run\"}",
                        Optional.empty(),
                        Optional.empty(),
                        20,
                        Optional.empty()));

        Eventually.until("it is posted", () -> !posted.isEmpty());
        Eventually.until(
                "it was tried again", () -> task(notice).path("retry_count").asInt() >= 2);
        assertThat(posted).hasSize(1);
        JsonNode told = JsonMapper.shared().readTree(posted.getFirst());
        assertThat(told.path("text").asString()).isEqualTo("the backup did not run");
        assertThat(told.path("owner").asString()).isEqualTo(user.id().value().toString());
        assertThat(api.get("/api/v1/tasks?type=notice_post", user).body())
                .contains("completed")
                .doesNotContain("secret");

        jdbc.sql("drop trigger refuse_turn on turn").update();
        Eventually.until(
                "it is told",
                () -> api.bean(TaskQueue.class).status(user.id(), notice).equals(Optional.of(TaskStatus.COMPLETED)));
        assertThat(posted).hasSize(1);
    }

    private JsonNode task(TaskId id) {
        return api.get("/api/v1/tasks/" + id.value(), user).json();
    }
}
