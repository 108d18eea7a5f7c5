package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The supervision of the child process, with a shell in place of the model's process.
class EmbeddedModelIT {

    private static final String NEVER_READY = "echo $$ > child; while :; do echo noise >&2; done";

    private static final EngineRequest REQUEST =
            new EngineRequest(List.of(new EngineRequest.Message("user", "Hello")), null, List.of(), 8, 0, 1, null);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    private final RecordedReport report = new RecordedReport();

    @Test
    void aCloseDuringTheStartEndsTheProcessAndNothingIsWrittenAfterwards() throws Exception {
        var model = model();
        model.start();
        model.serve(served(NEVER_READY));
        Eventually.until("the process starts", () -> Files.exists(pidFile()) && childId() > 0);
        long child = childId();

        model.close();

        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(pidFile()).doesNotExist();
        Path log = work.resolve("model.log");
        Files.deleteIfExists(log);
        Files.deleteIfExists(work.resolve("child"));
        Files.delete(work.resolve("native"));
        Files.delete(work);
        assertThat(work).doesNotExist();
        Files.createDirectory(work);
    }

    @Test
    void aClosedOneStartsNothing() throws Exception {
        var model = model();
        model.start();
        model.close();
        model.serve(served(NEVER_READY));

        assertThatThrownBy(() -> model.begin(REQUEST)).isInstanceOf(EngineUnavailableException.class);

        assertThat(work).isEmptyDirectory();
    }

    @Test
    void aProcessWhoseIdCanNotBeKeptIsEnded() throws Exception {
        Files.createDirectory(pidFile());
        try (var model = model()) {
            model.serve(served(NEVER_READY));
            assertThatThrownBy(() -> model.begin(REQUEST)).isInstanceOf(EngineUnavailableException.class);
            assertThat(report.state()).isEqualTo("degraded");
        }
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .noneMatch(p -> p.info().arguments().stream()
                        .flatMap(java.util.Arrays::stream)
                        .anyMatch(NEVER_READY::equals));
    }

    private EmbeddedModel model() {
        var limits = new EmbeddedModel.Limits(
                Duration.ZERO, 2, Duration.ofMinutes(5), Duration.ofMillis(100), Duration.ofSeconds(1));
        return new EmbeddedModel(new PidFile(pidFile()), limits, report);
    }

    private EmbeddedModel.Served served(String script) {
        return new EmbeddedModel.Served(
                "shell", new ModelProcess.Launch(work.resolve("none.gguf"), 512, 1, work, List.of("sh", "-c", script)));
    }

    private Path pidFile() {
        return work.resolve("model.pid");
    }

    private long childId() {
        try {
            String text = Files.readString(work.resolve("child")).strip();
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (IOException e) {
            return 0;
        }
    }
}
