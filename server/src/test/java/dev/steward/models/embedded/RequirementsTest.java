package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void aProcessorWithoutAvx2IsNamed() throws IOException {
        library();

        assertThat(of("linux", "amd64", "flags : fpu sse2 avx").missing())
                .hasValueSatisfying(m -> assertThat(m).contains("AVX2"));
    }

    @Test
    void aMissingLibraryIsNamedWithItsPackage() throws IOException {
        assertThat(of("linux", "amd64", "flags : avx2 fma").missing())
                .hasValueSatisfying(m -> assertThat(m).contains("libgomp1"));
    }

    @Test
    void aMachineWithBothIsGood() throws IOException {
        library();

        assertThat(of("Linux", "amd64", "flags : avx2 fma").missing()).isEmpty();
    }

    @Test
    void otherSystemsAreToldWhatWouldDo() throws IOException {
        assertThat(of("sunos", "sparc", "").missing())
                .hasValueSatisfying(m -> assertThat(m).contains("Linux and macOS"));
    }

    @Test
    void freeMemoryIsReadFromTheKernel() throws IOException {
        Files.writeString(directory.resolve("meminfo"), "MemTotal: 99 kB\nMemAvailable:    1024 kB\n");

        assertThat(of("linux", "amd64", "").availableMemoryBytes()).hasValue(1_048_576);
    }

    private void library() throws IOException {
        Files.createFile(directory.resolve("libgomp.so.1"));
    }

    private Requirements of(String os, String architecture, String cpu) throws IOException {
        Files.writeString(directory.resolve("cpuinfo"), cpu);
        return new Requirements(
                os, architecture, directory.resolve("cpuinfo"), directory.resolve("meminfo"), List.of(directory));
    }
}
