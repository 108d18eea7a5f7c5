package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.database.Database;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// However many attempts wait in the database, requests and other kinds of work still find a connection.
class BackgroundShareIT {

    /// Several times the connections of a pool.
    private static final int REMINDERS = 64;

    @AutoClose
    private static final WholeServer server = WholeServer.start("tasks.workers=128");

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.USER);
    private final JdbcClient jdbc = api.bean(JdbcClient.class);

    @Test
    void remindersThatAllWaitForOneConversationLeaveConnectionsForRequestsAndTurns() throws Exception {
        remind();
        Eventually.until("the first is told", () -> told() == 1);
        try (Connection held = api.bean(Database.class).singles().getConnection()) {
            hold(held, conversation());
            for (int i = 0; i < REMINDERS; i++) {
                remind();
            }
            assertThat(api.get("/api/v1/tasks", user).status()).isEqualTo(200);
            String other = api.post("/api/v1/conversations", user, "{}")
                    .json()
                    .path("id")
                    .stringValue();
            Answer turn = api.post("/api/v1/conversations/" + other + "/turns", user, """
                    {"message": "Hello"}""");
            assertThat(turn.status()).as("%s", turn).isEqualTo(202);
            String id = turn.json().at("/turn/id").stringValue();
            Eventually.until(
                    "the turn is answered meanwhile",
                    () -> api.get("/api/v1/turns/" + id, user)
                            .json()
                            .path("status")
                            .stringValue()
                            .equals("completed"));
            assertThat(told()).isEqualTo(1);
            held.rollback();
        }
        Eventually.until("every reminder is told", () -> told() == REMINDERS + 1);
    }

    private void remind() {
        Answer made = api.post("/api/v1/tasks", user, """
                {"type": "reminder", "input": {"text": "drink water"}}""");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
    }

    private UUID conversation() {
        return jdbc.sql("select conversation from reminder_conversation where owner = :owner")
                .param("owner", user.id().value())
                .query(UUID.class)
                .single();
    }

    private int told() {
        return api.get("/api/v1/tasks?type=reminder&status=completed&limit=200", user)
                .json()
                .path("items")
                .size();
    }

    private static void hold(Connection connection, UUID conversation) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lock =
                connection.prepareStatement("select id from conversation where id = ? for update")) {
            lock.setObject(1, conversation);
            assertThat(lock.executeQuery().next()).isTrue();
        }
    }
}
