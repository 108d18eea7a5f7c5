package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official Python client of the OpenAI API works against Steward unchanged: only its base URL is another.
///
/// Needs `python3` and, the first time, PyPI; without them it is skipped and says so. The client stays in `target`.
class OpenAiClientTest {

    private static final Path PYTHON = Path.of("target", "openai-client");
    private static final Duration STEP_MAX = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    @Test
    void theOfficialPythonClientWorksUnchanged() throws Exception {
        Path python = python();
        Path script = directory.resolve("openai_client.py");
        try (InputStream from = OpenAiClientTest.class.getResourceAsStream("openai_client.py")) {
            Files.copy(Objects.requireNonNull(from, "openai_client.py"), script, StandardCopyOption.REPLACE_EXISTING);
        }
        try (FaultyModelServer model = FaultyModelServer.start().embedder();
                StewardProcess steward =
                        StewardProcess.start(directory, Yaml.COMMON + """
                        backends:
                          - {name: first, kind: openai, url: "%s", privacy: local, cost: free}
                          - {name: second, kind: ollama, url: "%s"}
                        models: {embedded: {install: never}}
                        resilience:
                          breaker: {failure_threshold: 1000}
                          retry: {max_attempts: 1}
                        """.formatted(model.openAiUrl(), model.url()))) {
            String key = Person.register(steward).token();

            Run run = run(List.of(
                    python.toString(), script.toString(), steward.uri("").toString(), key, model.url()));

            assertThat(run.output()).contains("all good");
            assertThat(run.exit()).isZero();
        }
    }

    /// What a program said and how it ended.
    private record Run(int exit, String output) {}

    private Run run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(STEP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(command + " took too long: " + Files.readString(output));
            }
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    /// A Python that has the client.
    private Path python() throws IOException, InterruptedException {
        Path python = PYTHON.resolve("bin").resolve("python").toAbsolutePath();
        if (Files.exists(PYTHON.resolve("complete"))) {
            return python;
        }
        if (!onPath("python3")) {
            abort("python3 is not installed: the official client can't be tried");
        }
        Run made = run(List.of("python3", "-m", "venv", "--clear", PYTHON.toString()));
        if (made.exit() != 0) {
            abort("python3 can't make a virtual environment (python3-venv is missing?): " + made.output());
        }
        Run installed =
                run(List.of(python.toString(), "-m", "pip", "install", "-q", "--disable-pip-version-check", "openai"));
        if (installed.exit() != 0) {
            abort("the official client could not be fetched from PyPI: " + installed.output());
        }
        Files.writeString(PYTHON.resolve("complete"), "");
        return python;
    }

    private static boolean onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Stream<Path> places = Arrays.stream(path.split(":", -1))
                .filter(place -> !place.isEmpty())
                .map(Path::of);
        return places.anyMatch(place -> Files.isExecutable(place.resolve(program)));
    }
}
