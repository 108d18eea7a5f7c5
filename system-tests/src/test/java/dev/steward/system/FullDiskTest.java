package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk is full, and then it isn't any more.
class FullDiskTest {

    private static final int REFUSALS = 10;

    /// Messages until the space that the database has set aside must be used up.
    private static final int MESSAGES_MAX = 20_000;

    private static final int SEGMENTS_MAX = 100;

    private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /// What a full disk breaks.
    private interface Damage {
        void wait(StewardProcess steward) throws Exception;
    }

    @Test
    void whenTablesCantGrowNothingAcknowledgedIsLostAndItWorksAgainByItself() throws Exception {
        fillAndFree(_ -> {});
    }

    @Test
    void whenTheDatabaseDiesOfItNothingAcknowledgedIsLostAndItWorksAgainByItself() throws Exception {
        fillAndFree(steward -> {
            Optional<ProcessHandle> database = steward.postmaster();
            if (database.isPresent()) {
                // It may die and come back in the room that is left, as long as there is any.
                Eventually.until("the database is dead", RECOVERY_MAX, () -> {
                    useUpLog(steward);
                    return !database.get().isAlive();
                });
            }
        });
    }

    private void fillAndFree(Damage damage) throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        try (FullDisk disk = FullDisk.at(directory.resolve("disk"));
                var model = FaultyModelServer.start();
                StewardProcess steward = StewardProcess.prepare(
                        outside, disk.directory.resolve("home"), Yaml.oneBackend(model), Map.of())) {
            steward.launch();
            steward.awaitReady();
            Person person = Person.register(steward);
            List<String> acknowledged = new ArrayList<>();
            acknowledged.add(person.ask("Are you there?"));
            Reader.follow(person, acknowledged.getFirst()).assertWhole();

            disk.fill(steward);
            List<Person.Reply> refused = new ArrayList<>(askUntilRefused(person, acknowledged));
            damage.wait(steward);
            refused.addAll(askUntilRefused(person, acknowledged));

            assertThat(refused).allSatisfy(reply -> {
                assertThat(reply.status()).as(reply.toString()).isBetween(500, 599);
                assertThat(reply.json().path("detail").asString()).isNotBlank();
                if (disk.saysThatItIsFull()) {
                    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
                    assertThat(reply.json().path("code").asString()).isEqualTo("service_unavailable");
                    assertThat(reply.whole().headers().firstValue("Retry-After"))
                            .isPresent();
                }
            });
            assertThat(steward.alive()).isTrue();
            disk.free(steward);

            var recovery = new Figures("space is there again → a message is accepted");
            long freed = System.nanoTime();
            Eventually.until("a message is accepted", RECOVERY_MAX, () -> tryToAsk(person, acknowledged) == null);
            recovery.addSince(freed);
            recovery.print();
            for (String turn : acknowledged) {
                Reader.follow(person, turn).assertWhole();
            }
            assertThat(steward.alive()).isTrue();
        }
    }

    /// Begins new segments of the database's log until there is no room for one, of which it dies.
    private static void useUpLog(StewardProcess steward) {
        try (Connection connection = steward.sql("postgres");
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < SEGMENTS_MAX; i++) {
                statement.execute("select pg_current_xact_id()");
                statement.execute("select pg_switch_wal()");
            }
        } catch (SQLException | IOException _) {
            // There is no room, or it is dead already, or about to be.
        }
    }

    private static List<Person.Reply> askUntilRefused(Person person, List<String> acknowledged) throws Exception {
        List<Person.Reply> refused = new ArrayList<>();
        for (int i = 0; i < MESSAGES_MAX && refused.size() < REFUSALS; i++) {
            Person.Reply refusal = tryToAsk(person, acknowledged);
            if (refusal != null) {
                refused.add(refusal);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        assertThat(refused).as("a full disk is noticed").hasSize(REFUSALS);
        return refused;
    }

    /// Asks in a new conversation.
    ///
    /// @return the refusal, or null when the message was acknowledged
    private static Person.Reply tryToAsk(Person person, List<String> acknowledged)
            throws IOException, InterruptedException {
        Person.Reply conversation = person.post("/api/v1/conversations", Map.of(), UUID.randomUUID());
        if (conversation.status() != 201) {
            return conversation;
        }
        String id = conversation.json().path("id").asString();
        Person.Reply reply = person.tryToAsk(id, "Tell me a story. ".repeat(500), UUID.randomUUID());
        if (reply.status() != 202) {
            return reply;
        }
        acknowledged.add(Person.turnOf(reply));
        return null;
    }
}
