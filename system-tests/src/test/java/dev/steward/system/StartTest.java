package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.FaultyModelServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person sees when a start can't work, and when a stop comes at a bad time.
class StartTest {

    private static final Duration EXIT_MAX = Duration.ofSeconds(40);
    private static final String NO_MODEL = "models: {embedded: {install: never}}\n";

    @TempDir
    Path directory;

    @Test
    void everyFaultOfTheConfigurationIsNamedAtOnce() throws Exception {
        StewardProcess steward = StewardProcess.prepare(
                directory,
                """
                http: {port: eighty, hots: 127.0.0.1}
                resilience: {breaker: {failure_threshold: 0}}
                nonsense: 1
                """,
                Map.of());
        steward.launch();

        assertThat(steward.awaitExit(EXIT_MAX)).isEqualTo(78);
        assertThat(steward.outputText())
                .contains("http.hots", "resilience.breaker.failure_threshold", "nonsense")
                .doesNotContain("\tat ");
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        StewardProcess steward = StewardProcess.prepare(directory, NO_MODEL, Map.of());
        try (var taken = new ServerSocket(steward.port, 1, InetAddress.getByName("127.0.0.1"))) {
            steward.launch();

            assertThat(steward.awaitExit(EXIT_MAX)).isEqualTo(69);
            assertThat(steward.outputText())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aHomeThatCantBeWrittenIsNamed() throws Exception {
        Files.writeString(directory.resolve("home"), "a file where the folder should be");
        StewardProcess steward = StewardProcess.prepare(directory, NO_MODEL, Map.of());
        steward.launch();

        assertThat(steward.awaitExit(EXIT_MAX)).isIn(69, 78);
        assertThat(steward.outputText())
                .contains(directory.resolve("home").toString())
                .doesNotContain("\tat ");
    }

    @Test
    void aSecondStewardOnTheSameHomeIsRefusedAndTheFirstGoesOn() throws Exception {
        try (StewardProcess first = StewardProcess.start(directory, NO_MODEL)) {
            StewardProcess second = StewardProcess.prepare(directory, NO_MODEL, Map.of());
            second.launch();

            assertThat(second.awaitExit(EXIT_MAX)).isEqualTo(69);
            assertThat(first.status("/health/ready")).isEqualTo(200);
        }
    }

    @Test
    void anAnswerInProgressGoesOnAfterATermination() throws Exception {
        try (var model = FaultyModelServer.start();
                StewardProcess steward = StewardProcess.start(directory, KillTest.configuration(model))) {
            model.chunks(600).chunkInterval(Duration.ofMillis(20));
            Person person = Person.register(steward, "ada");
            String turn = person.ask(person.newConversation(), "Tell me a very long story.");
            CompletableFuture<Reader.Read> reading = Reader.follow(person, turn);
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> person.get("/api/v1/turns/" + turn).json().path("status").asString().equals("running"));

            assertThat(steward.terminate()).isZero();
            steward.launch();
            steward.awaitReady();

            Reader.Read read = reading.get();
            assertThat(read.last().kind()).isEqualTo("completed");
            assertThat(read.text())
                    .isEqualTo(person.get("/api/v1/turns/" + turn).json().path("answer").asString());
        }
    }
}
