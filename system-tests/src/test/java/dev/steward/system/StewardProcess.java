package dev.steward.system;

import dev.steward.testing.Eventually;
import dev.steward.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packaged server, started as people start it: `./steward run`, with its own home and port.
final class StewardProcess implements AutoCloseable {

    private static final Duration READY_MAX = Duration.ofSeconds(90);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);
    private static final Duration ASK_MAX = Duration.ofSeconds(5);

    /// The young and the old generation, as the serial collector tells of them.
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    final Path home;
    final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Path config;
    private final List<String> flags;
    private final Map<String, String> environment;
    private Process process;
    private boolean killed;

    private StewardProcess(Path directory, Path home, Map<String, String> environment, List<String> flags) {
        this.home = home;
        this.port = FreePort.choose();
        this.config = directory.resolve("steward.yaml");
        this.flags = List.copyOf(flags);
        this.environment = Map.copyOf(environment);
    }

    /// Starts a server with this configuration and waits until it is ready.
    static StewardProcess start(Path directory, String yaml) throws IOException, InterruptedException {
        StewardProcess steward = prepare(directory, yaml);
        steward.launch();
        steward.awaitReady();
        return steward;
    }

    /// A server that is not started yet; its home is `home` in this directory.
    static StewardProcess prepare(Path directory, String yaml, String... flags)
            throws IOException, InterruptedException {
        return prepare(directory, directory.resolve("home"), yaml, Map.of(), flags);
    }

    static StewardProcess prepare(
            Path directory, Path home, String yaml, Map<String, String> environment, String... flags)
            throws IOException, InterruptedException {
        Installation.prepare();
        var steward = new StewardProcess(directory, home, environment, List.of(flags));
        Files.writeString(steward.config, yaml);
        return steward;
    }

    void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Installation.launcher().toString(),
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
        Installation.environment(builder.environment());
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

    /// What people read: without the log, whose lines are JSON.
    List<String> said() {
        return outputText().lines().filter(line -> !line.startsWith("{")).toList();
    }

    void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + READY_MAX.toNanos();
        while (status("/health/ready") != 200) {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ":\n" + outputText());
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not ready within " + READY_MAX + ":\n" + outputText());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /// The status of a GET, or 0 while nobody answers.
    int status(String path) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri(path)).timeout(ASK_MAX).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
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

    boolean alive() {
        return process.isAlive();
    }

    /// Ends the server as `kill -9` does: no hook, no goodbye. Its database is left to itself.
    void kill() throws InterruptedException {
        killed = true;
        process.destroyForcibly();
        process.waitFor();
    }

    /// Lets it stand still, as `kill -STOP` does; its connections stay open.
    void halt() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /// Ends the server's database the same way.
    void killDatabase() {
        postmaster().orElseThrow().destroyForcibly();
    }

    /// Asks the server to stop, and does not wait.
    void signal() {
        process.destroy();
    }

    /// Asks the server to stop and returns its exit code.
    int terminate() throws InterruptedException {
        signal();
        return awaitExit(STOP_MAX);
    }

    int awaitExit(Duration most) throws InterruptedException {
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still runs after " + most + ":\n" + outputText());
        }
        return process.exitValue();
    }

    /// What the server's objects take after a collection, in bytes.
    long liveBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        long kilobytes = 0;
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        return kilobytes * 1024;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return output;
    }

    /// The database's process, once it takes connections.
    Optional<ProcessHandle> postmaster() {
        List<String> pid = postmasterPid();
        return pid.size() > 7 && pid.get(7).strip().equals("ready")
                ? ProcessHandle.of(Long.parseLong(pid.getFirst().strip()))
                : Optional.empty();
    }

    /// Where its database listens now; 0 while it doesn't.
    int databasePort() {
        List<String> pid = postmasterPid();
        return pid.size() > 3 && postmaster().isPresent()
                ? Integer.parseInt(pid.get(3).strip())
                : 0;
    }

    /// A connection to the server's own database, beside the server.
    Connection sql() throws SQLException, IOException {
        return sql("steward");
    }

    /// The same, as another role of the database.
    Connection sql(String role) throws SQLException, IOException {
        String dbPort = postmasterPid().get(3).strip();
        String password = Files.readString(home.resolve("database/password")).strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + dbPort + "/steward", role, password);
    }

    private List<String> postmasterPid() {
        try {
            return Files.readAllLines(home.resolve("database/data/postmaster.pid"));
        } catch (IOException _) {
            return List.of();
        }
    }

    /// Ends the server and its database, whatever state they are in.
    @Override
    public void close() {
        if (process == null || !(process.isAlive() || killed)) {
            return;
        }
        Optional<ProcessHandle> database = postmaster();
        process.destroy();
        try {
            if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        database.ifPresent(left -> Eventually.until("the database has ended", STOP_MAX, () -> !left.isAlive()));
    }
}
