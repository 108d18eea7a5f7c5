package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Others take all connections that the database has.
class ConnectionsTest {

    private static final String TOO_MANY = "53300";

    @TempDir
    Path directory;

    @Test
    void withoutConnectionsItSaysSoAndComesBackByItself() throws Exception {
        List<Connection> hogs = new ArrayList<>();
        try (var model = FaultyModelServer.start();
                StewardProcess steward =
                        StewardProcess.start(directory, Yaml.oneBackend(model) + "database: {pool_max: 8}\n")) {
            Person person = Person.register(steward);
            String conversation = person.newConversation();
            String before = person.ask(conversation, "Are you there?");
            Reader.follow(person, before).assertWhole();
            takeAll(steward, hogs);

            UUID key = UUID.randomUUID();
            Person.Reply refused = person.tryToAsk(conversation, "And now?", key);

            assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
            assertThat(refused.json().path("code").asString()).isEqualTo("service_unavailable");
            assertThat(refused.json().path("retryable").asBoolean()).isTrue();
            assertThat(refused.whole().headers().firstValue("Retry-After")).isPresent();
            assertThat(steward.status("/health/live")).isEqualTo(200);
            Eventually.until("it says that it isn't ready", () -> {
                // One that ended late may have made room for Steward since.
                takeAll(steward, hogs);
                return steward.status("/health/ready") == 503;
            });

            for (Connection hog : hogs) {
                hog.close();
            }

            Eventually.until("it is ready again", Person.PATIENCE, () -> steward.status("/health/ready") == 200);
            Person.Reply accepted = person.tryToAsk(conversation, "And now?", key);
            assertThat(accepted.status()).isEqualTo(202);
            Reader.follow(person, Person.turnOf(accepted)).assertWhole();
            assertThat(person.get("/api/v1/conversations/" + conversation + "/turns")
                            .json()
                            .path("items"))
                    .hasSize(2);
        } finally {
            for (Connection hog : hogs) {
                hog.close();
            }
        }
    }

    /// Until Steward has none left: what it has is taken from it, and what comes free is taken at once.
    private static void takeAll(StewardProcess steward, List<Connection> hogs) throws Exception {
        if (hogs.isEmpty()) {
            hogs.add(steward.sql());
        }
        Connection first = hogs.getFirst();
        Eventually.until("Steward has no connection", () -> {
            try (Statement statement = first.createStatement()) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = 'steward'");
            }
            takeFree(steward, hogs);
            try (Statement statement = first.createStatement();
                    var row = statement.executeQuery(
                            "select count(*) from pg_stat_activity where application_name = 'steward'")) {
                row.next();
                return row.getInt(1) == 0;
            }
        });
        Eventually.until("nothing is free", () -> {
            takeFree(steward, hogs);
            return true;
        });
    }

    private static void takeFree(StewardProcess steward, List<Connection> hogs) throws IOException, SQLException {
        try {
            while (true) {
                hogs.add(steward.sql());
            }
        } catch (SQLException e) {
            if (!TOO_MANY.equals(e.getSQLState())) {
                throw e;
            }
        }
    }
}
