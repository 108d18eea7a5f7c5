package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final Path HOME = Path.of("/srv/steward");

    @Test
    void aDirectoryThatMayNotBeWrittenIsNamedWithTheWayOut() {
        assertThat(Faults.of(HOME, new AccessDeniedException("/srv/steward/lock")))
                .hasMessageContaining("can't write to /srv/steward")
                .hasMessageContaining("--home DIR");
    }

    @Test
    void aFullDiskIsCalledAFullDisk() {
        assertThat(Faults.of(HOME, new FileSystemException("x", null, "No space left on device")))
                .hasMessageContaining("is full");
        assertThat(Faults.known(HOME, "initdb: error: could not write file: No space left on device"))
                .contains("is full");
    }

    @Test
    void anythingElseSaysWhatTheSystemSaid() {
        assertThat(Faults.of(HOME, new IOException("Input/output error")))
                .hasMessageContaining("/srv/steward")
                .hasMessageContaining("Input/output error");
    }
}
