package dev.steward.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real Redis of one test class, on a free port of 127.0.0.1 and in a directory of its own, without persistence. It
/// can be paused, killed and started again on the same port, and ends with the JVM at the latest.
///
/// ```java
/// @AutoClose
/// static final RedisFixture redis = RedisFixture.start();
/// ```
public final class RedisFixture implements AutoCloseable {

    private static final String PROGRAM = "redis-server";
    private static final int STOP_SECONDS_MAX = 10;
    private static final int ANSWER_MS_MAX = 2000;

    /// Whom root gives the server to: it needs no rights at all.
    private static final String NOBODY = "65534";

    private final int port = FreePort.choose();
    private final Path directory;
    private final List<String> options;
    private @Nullable Process process;
    private int tlsPort;

    private RedisFixture(List<String> options) {
        this.options = List.copyOf(options);
        try {
            directory = Files.createTempDirectory("redis-");
            if (isRoot()) {
                // The directory may belong to root: a Redis that keeps nothing only has to enter it.
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
    }

    /// Starts one and waits until it answers.
    ///
    /// @param options of Redis' own command line, such as `--requirepass`, `secret`
    public static RedisFixture start(String... options) {
        var redis = new RedisFixture(List.of(options));
        redis.restart();
        return redis;
    }

    /// The same, that also speaks TLS, on [#tlsPort].
    ///
    /// @param certificate in PEM, as is the key
    public static RedisFixture withTls(Path certificate, Path key) {
        int port = FreePort.choose();
        RedisFixture redis = start(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no");
        redis.tlsPort = port;
        return redis;
    }

    /// 0 without TLS.
    public int tlsPort() {
        return tlsPort;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// Starts it again after [#kill].
    public void restart() {
        if (find(PROGRAM) == null) {
            throw new IllegalStateException("These tests need redis-server 7 on the PATH; on Debian or Ubuntu:"
                    + " apt-get install redis-server");
        }
        try {
            process = new ProcessBuilder(command())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.until("Redis answers", this::answers);
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        if (isRoot() && find("setpriv") != null) {
            command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
        }
        command.addAll(List.of(
                PROGRAM,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--save",
                "",
                "--appendonly",
                "no"));
        command.addAll(options);
        return command;
    }

    private boolean answers() {
        if (!running().isAlive()) {
            throw new AssertionError("Redis ended: " + logText());
        }
        // "NOAUTH …": it answers, though not us.
        return say("PING").matches("\\+PONG|-NOAUTH.*");
    }

    /// Makes it forget everything; not for one with a password.
    public void wipe() {
        String reply = say("FLUSHALL");
        if (!reply.equals("+OK")) {
            throw new AssertionError("FLUSHALL: " + reply);
        }
    }

    /// One command as a person would type it, and the first line of the reply; empty while nobody answers.
    private String say(String command) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MS_MAX);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var reply = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return Objects.requireNonNullElse(reply.readLine(), "");
        } catch (IOException _) {
            return "";
        }
    }

    public long pid() {
        return running().pid();
    }

    /// Ends it as `kill -9` does.
    public void kill() {
        Process victim = running();
        victim.destroyForcibly();
        await(victim);
    }

    /// Stops it from doing anything; connections stay open and new ones are taken by the system.
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(running().pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " gave " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    @Override
    public void close() {
        end();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        if (process != null && process.isAlive()) {
            process.destroyForcibly(); // Also ends a paused one, and there is nothing to keep.
            await(process);
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError("Redis does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String logText() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static @Nullable Path find(String program) {
        return Stream.of(System.getenv()
                        .getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
                        .split(":"))
                .map(d -> Path.of(d, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
