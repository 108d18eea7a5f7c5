package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person reads when a start can't work.
class StartTest {

    private static final Duration EXIT_MAX = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void everyFaultOfTheConfigurationIsNamedAtOnce() throws Exception {
        try (StewardProcess steward = StewardProcess.prepare(directory, """
                http: {host: 127.0.0.1, hots: 127.0.0.1}
                resilience: {breaker: {failure_threshold: 0}}
                tasks: {workers: many}
                nonsense: 1
                """)) {
            steward.launch();

            assertThat(steward.awaitExit(EXIT_MAX)).isEqualTo(78);
            assertThat(steward.outputText())
                    .contains("http.hots", "failure_threshold must be", "tasks.workers", "nonsense")
                    .doesNotContain("\tat ");
            assertThat(steward.home).doesNotExist();
        }
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws Exception {
        try (StewardProcess steward = StewardProcess.prepare(directory, Yaml.NO_MODEL);
                var taken = new ServerSocket(steward.port, 1, InetAddress.getLoopbackAddress())) {
            steward.launch();

            assertThat(steward.awaitExit(EXIT_MAX)).isEqualTo(69);
            assertThat(steward.said()).hasSize(1);
            assertThat(steward.said().getFirst()).contains("port " + taken.getLocalPort() + " is in use", "--port");
        }
    }

    @Test
    void aHomeThatIsAFileIsSaidInOneLine() throws Exception {
        Files.writeString(directory.resolve("home"), "a file where the folder should be");
        try (StewardProcess steward = StewardProcess.prepare(directory, Yaml.NO_MODEL)) {
            steward.launch();

            assertThat(steward.awaitExit(EXIT_MAX)).isEqualTo(78);
            assertThat(steward.said()).hasSize(1);
            assertThat(steward.said().getFirst()).contains(steward.home.toString(), "--home");
        }
    }

    /// Nobody can write there, root neither.
    @Test
    void aHomeThatCantBeWrittenIsSaidInOneLine() throws Exception {
        Files.writeString(directory.resolve("file"), "");
        Path home = directory.resolve("file").resolve("home");
        try (StewardProcess steward = StewardProcess.prepare(directory, home, Yaml.NO_MODEL, Map.of())) {
            steward.launch();

            assertThat(steward.awaitExit(EXIT_MAX)).isEqualTo(78);
            assertThat(steward.said()).hasSize(1);
            assertThat(steward.said().getFirst()).contains(home.toString(), "--home");
        }
    }

    @Test
    void aSecondStewardOnTheSameHomeIsRefusedAndTheFirstGoesOn() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (StewardProcess first = StewardProcess.start(directory, Yaml.NO_MODEL);
                StewardProcess second = StewardProcess.prepare(other, first.home, Yaml.NO_MODEL, Map.of())) {
            Person person = Person.register(first);
            second.launch();

            assertThat(second.awaitExit(EXIT_MAX)).isEqualTo(69);
            assertThat(second.said()).hasSize(1);
            assertThat(second.said().getFirst())
                    .contains("Another Steward (process " + first.pid() + ")", first.home.toString(), "--home");
            assertThat(first.status("/health/ready")).isEqualTo(200);
            assertThat(person.newConversation()).isNotBlank();
        }
    }
}
