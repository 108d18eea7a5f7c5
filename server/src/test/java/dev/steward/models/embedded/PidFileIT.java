package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void aProcessOfAFormerRunIsEnded() throws Exception {
        Process orphan = new ProcessBuilder("sleep", "600").start();
        new PidFile(directory.resolve("pid")).write(orphan.toHandle());

        assertThat(new PidFile(directory.resolve("pid")).endOrphan()).hasValue(orphan.pid());
        assertThat(orphan.isAlive()).isFalse();
        assertThat(directory.resolve("pid")).doesNotExist();
    }

    @Test
    void aStrangerWithTheSameIdIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(directory.resolve("pid"), stranger.pid() + " 2001-01-01T00:00:00Z");

            assertThat(new PidFile(directory.resolve("pid")).endOrphan()).isEmpty();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aFileCutShortIsNoProcess() throws Exception {
        Files.writeString(directory.resolve("pid"), "12");

        assertThat(new PidFile(directory.resolve("pid")).endOrphan()).isEmpty();
    }
}
