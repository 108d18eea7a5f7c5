package dev.steward.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The packaged server, started as people start it: `./steward run`, with its own home and port.
final class StewardProcess implements AutoCloseable {

    private static final Duration READY_MAX = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    final Path home;
    final int port;
    private final Path config;
    private final List<String> flags;
    private final Map<String, String> environment;
    private Process process;

    private StewardProcess(Path home, int port, Path config, List<String> flags, Map<String, String> environment) {
        this.home = home;
        this.port = port;
        this.config = config;
        this.flags = flags;
        this.environment = environment;
    }

    /// Starts a server with this configuration and waits until it is ready.
    static StewardProcess start(Path directory, String yaml, String... flags) throws IOException, InterruptedException {
        StewardProcess steward = prepare(directory, yaml, Map.of(), flags);
        steward.launch();
        steward.awaitReady();
        return steward;
    }

    /// A server that is not started yet.
    static StewardProcess prepare(Path directory, String yaml, Map<String, String> environment, String... flags)
            throws IOException {
        Path config = directory.resolve("steward.yaml");
        Files.writeString(config, yaml);
        return new StewardProcess(directory.resolve("home"), freePort(), config, List.of(flags), environment);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The repository's root, where `./steward` is.
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isExecutable(here.resolve("steward"))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException("run from inside the repository");
        }
        return here;
    }

    void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                root().resolve("steward").toString(),
                "run",
                "--config",
                config.toString(),
                "--home",
                home.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("STEWARD_") || key.startsWith("OPENAI_"));
        builder.environment().put("STEWARD_NO_BUILD", "1");
        builder.environment().putAll(environment);
        process = builder.start();
    }

    Path output() {
        return config.resolveSibling("output.log");
    }

    String outputText() {
        try {
            return Files.exists(output()) ? Files.readString(output()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() throws InterruptedException {
        Eventually.within(READY_MAX, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("ended with " + process.exitValue() + ":\n" + outputText());
            }
            return status("/health/ready") == 200;
        });
    }

    /// The status of a GET, or 0 while nobody answers.
    int status(String path) throws InterruptedException {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(uri(path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            return 0;
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    long pid() {
        return process.pid();
    }

    /// Ends the server as a power cut would: no hook, no goodbye. Its database is left to itself.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Asks the server to stop and returns its exit code.
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("did not stop within 60 s:\n" + outputText());
        }
        return process.exitValue();
    }

    int awaitExit(Duration most) throws InterruptedException {
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("still runs:\n" + outputText());
        }
        return process.exitValue();
    }

    boolean alive() {
        return process.isAlive();
    }

    /// The postmaster that belongs to this server's home.
    Optional<ProcessHandle> postmaster() throws IOException {
        try (Stream<Path> files = Files.walk(home, 3)) {
            Optional<Path> pidFile = files.filter(file -> file.endsWith("postmaster.pid")).findFirst();
            if (pidFile.isEmpty()) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(pidFile.get());
            return lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
