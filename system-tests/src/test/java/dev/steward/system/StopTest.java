package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SIGTERM, at bad times.
class StopTest {

    private static final Duration EXIT_MAX = Duration.ofSeconds(60);
    private static final int BY_SIGNAL = 128 + 15;

    @TempDir
    Path directory;

    private FaultyModelServer model;
    private StewardProcess steward;

    @BeforeEach
    void prepare() throws Exception {
        model = FaultyModelServer.start();
        steward = StewardProcess.prepare(directory, Yaml.oneBackend(model) + "tasks: {drain_ms: 1000}\n");
    }

    @AfterEach
    void close() throws Exception {
        steward.close();
        model.close();
    }

    @Test
    void anAnswerInProgressGoesOnAfterAStop() throws Exception {
        steward.launch();
        steward.awaitReady();
        model.chunks(2_000).chunkInterval(Duration.ofMillis(20));
        Person person = Person.register(steward);
        Reader reader = Reader.follow(person, person.ask("Tell me a very long story."));
        long seen = reader.awaitTextAfter(0).id();

        assertThat(steward.terminate()).isZero();

        Eventually.until("the stream has ended", () -> !reader.ends().isEmpty());
        assertThat(reader.ends().getFirst()).isEqualTo(Person.End.CLEAN);
        assertThat(reader.lastId()).isGreaterThanOrEqualTo(seen);
        model.chunkInterval(Duration.ZERO);
        steward.launch();
        steward.awaitReady();
        reader.assertWhole();
        assertThat(reader.text()).isEqualTo(model.answerText());
        assertThat(reader.events().stream().filter(e -> e.kind().equals("reset")))
                .isEmpty();
    }

    /// Before the JVM is up, while the database is made, while the rest is built.
    @ParameterizedTest
    @ValueSource(ints = {100, 1_200, 2_800})
    void aStopDuringTheStartLeavesNothingBehindThatHurts(int millis) throws Exception {
        steward.launch();
        TimeUnit.MILLISECONDS.sleep(millis);
        int code = steward.terminate();

        assertThat(code).isIn(0, BY_SIGNAL);
        assertThat(steward.outputText()).doesNotContain("\tat ", "mistake in Steward");
        Eventually.until(
                "its database has ended too",
                EXIT_MAX,
                () -> steward.postmaster().isEmpty());
        steward.launch();
        steward.awaitReady();
        assertThat(Person.register(steward).newConversation()).isNotBlank();
    }

    @Test
    void aSecondSignalDoesNotWait() throws Exception {
        steward.launch();
        steward.awaitReady();
        model.chunks(2_000).chunkInterval(Duration.ofMillis(20));
        Person person = Person.register(steward);
        Reader.follow(person, person.ask("Tell me a very long story.")).awaitTextAfter(0);
        steward.signal();
        Eventually.until("it is stopping", () -> steward.outputText().contains("Stopping"));

        assertThat(steward.terminate()).isEqualTo(BY_SIGNAL);
    }
}
