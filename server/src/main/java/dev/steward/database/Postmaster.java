package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server process of a cluster: starts it, waits until it takes connections, stops it. One at a time.
///
/// Not safe for use by many threads, except [#stop].
final class Postmaster {

    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

    /// How the server treats the disk.
    ///
    /// @param durable         what it confirms survives a power cut; off only in tests
    /// @param connectionsMax  that it takes, superuser's included
    record Options(boolean durable, int connectionsMax) {
        static final Options SAFE = new Options(true, 50);
    }

    /// Recovery after a crash reads the log since the last checkpoint, at most about 1 GB.
    static final Duration RECOVERY_MAX = Duration.ofMinutes(5);

    /// A start takes 60–150 ms.
    private static final Duration READY_POLL = Duration.ofMillis(5);

    /// Between the choice of a port and the server's use of it, another program may get it.
    private static final int PORT_TRIES = 3;

    private static final int OUTPUT_LINES_MAX = 40;
    private static final String LOOPBACK = "127.0.0.1";

    private final Cluster cluster;
    private final Options options;
    private final ArrayDeque<String> output = new ArrayDeque<>();
    private volatile @Nullable Process process;
    private volatile int port;

    Postmaster(Cluster cluster, Options options) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.options = requireNonNull(options, "options");
    }

    /// Where it listens, on loopback; the same after a restart unless another program took it meanwhile.
    int port() {
        return port;
    }

    /// Starts the server and returns when it takes connections.
    ///
    /// The process dies with the thread that calls this (see [RunAs]), so that thread must live as long as Steward.
    ///
    /// @throws DatabaseStartException it ended instead, with the reason in plain words
    void start() throws IOException, InterruptedException {
        stopLeftover(cluster.data());
        for (int triesLeft = PORT_TRIES; ; triesLeft--) {
            if (port == 0 || !isFree(port)) {
                port = freePort();
            }
            try {
                launch();
                return;
            } catch (DatabaseStartException e) {
                if (triesLeft == 1 || isFree(port)) {
                    throw e;
                }
                log.info("Another program took port {} at the same moment; the database gets another one", port);
            }
        }
    }

    private void launch() throws IOException, InterruptedException {
        Process started = cluster.process(cluster.programs().postgres(), arguments())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        process = started;
        Thread reader = Thread.ofPlatform().daemon().name("postgres-output").start(() -> drain(started));
        long deadline = System.nanoTime() + RECOVERY_MAX.toNanos();
        while (!ready(started)) {
            if (started.waitFor(READY_POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                reader.join();
                throw cluster.failed("The embedded PostgreSQL does not start", text());
            }
            if (System.nanoTime() - deadline > 0) {
                Signals.stop(started.toHandle());
                throw new DatabaseStartException("The embedded PostgreSQL did not get ready within "
                        + RECOVERY_MAX.toMinutes() + " minutes. Its log is in Steward's log at level DEBUG.");
            }
        }
    }

    /// Waits until the server ends.
    ///
    /// @return its exit status
    int await() throws InterruptedException {
        return requireNonNull(process, "not started").waitFor();
    }

    /// Stops the server with a checkpoint and waits until it is gone. Nothing happens when it is not running.
    void stop() throws InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            Optional<ProcessHandle> postmaster =
                    PostmasterPid.read(cluster.data()).flatMap(p -> p.serverOn(cluster.data()));
            Signals.stop(postmaster.orElse(running.toHandle()));
        }
    }

    /// Stops a server that an earlier Steward has left behind on `data`, and clears away the marks of one that is gone.
    ///
    /// Safe because the home's lock is ours: no other Steward can have started it.
    static void stopLeftover(Path data) throws IOException, InterruptedException {
        Optional<PostmasterPid> left = PostmasterPid.read(data);
        Optional<ProcessHandle> server = left.flatMap(p -> p.serverOn(data));
        if (server.isPresent()) {
            log.atInfo()
                    .addKeyValue("pid", server.get().pid())
                    .log("Stopping the PostgreSQL that an earlier run has left");
            Signals.stop(server.get());
        }
        if (left.isPresent()) {
            Signals.killLeftovers(data);
        }
        // By now it names no server of ours; PostgreSQL would refuse to start if its number went to another process.
        Files.deleteIfExists(PostmasterPid.file(data));
    }

    private List<String> arguments() {
        var arguments = new ArrayList<>(List.of("-D", cluster.data().toString()));
        var settings = new ArrayList<>(List.of(
                "listen_addresses=" + LOOPBACK,
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=" + options.connectionsMax,
                "shared_buffers=128MB",
                "wal_compression=on",
                "jit=off", // Every statement is short; compiling them costs more than it gives.
                "timezone=UTC",
                "log_timezone=UTC",
                // What people wrote must not reach the log: no statements, no details of errors.
                "log_min_messages=log",
                "log_min_error_statement=panic",
                "log_error_verbosity=terse"));
        String safe = options.durable ? "on" : "off";
        settings.addAll(List.of("fsync=" + safe, "synchronous_commit=" + safe, "full_page_writes=" + safe));
        settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return arguments;
    }

    private boolean ready(Process started) {
        return PostmasterPid.read(cluster.data())
                .filter(PostmasterPid::ready)
                .flatMap(p -> ProcessHandle.of(p.pid()))
                .filter(p -> p.pid() == started.pid()
                        || p.parent()
                                .filter(parent -> parent.pid() == started.pid())
                                .isPresent())
                .isPresent();
    }

    private void drain(Process from) {
        try (var lines = new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                synchronized (output) {
                    if (output.size() == OUTPUT_LINES_MAX) {
                        output.removeFirst();
                    }
                    output.addLast(line);
                }
                boolean bad = line.contains("PANIC:") || line.contains("WARNING:");
                (bad ? log.atWarn() : log.atDebug()).addKeyValue("line", line).log("PostgreSQL says");
            }
        } catch (IOException _) {
            // The pipe breaks when the server is killed; its end is noticed elsewhere.
        }
    }

    private String text() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(loopback(), 0));
            return socket.getLocalPort();
        }
    }
}
