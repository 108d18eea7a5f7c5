package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One run of the child process, from its start to its end. One answer at a time: the caller sees to that.
///
/// Safe for use by many threads.
final class ModelProcess {

    /// Heap of the child; the model lives outside of it.
    private static final String HEAP_MAX = "-Xmx128m";

    /// Beside the model, the native library's chatter: enough for a few starts.
    private static final long LOG_BYTES_MAX = 1024 * 1024;

    /// The kernel ends this process rather than Steward when memory runs out; 1000 is "first of all".
    private static final String OOM_SCORE = "900";

    /// How long a killed process may take to be gone; one that is stuck in the kernel is not waited for.
    private static final Duration GONE_MAX = Duration.ofSeconds(10);

    private final Launch launch;
    private final Process process;
    private final OutputStream orders;
    private final ReentrantLock writing = new ReentrantLock();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final BlockingQueue<EngineFrames.News> news = new LinkedBlockingQueue<>();
    private final Thread newsReader;
    private final Thread logWriter;
    private volatile int contextTokens;
    private volatile boolean ended;

    private ModelProcess(Launch launch, Process process, BoundedLog log) {
        this.launch = launch;
        this.process = process;
        this.orders = process.getOutputStream();
        this.logWriter =
                Thread.ofVirtual().name("embedded-model-log").unstarted(() -> copyLog(process.getErrorStream(), log));
        this.newsReader =
                Thread.ofVirtual().name("embedded-model-news").unstarted(() -> readNews(process.getInputStream()));
    }

    /// How to start the child.
    ///
    /// @param file          the model, GGUF
    /// @param threads       of the engine
    /// @param workDirectory private to this Steward: native libraries are unpacked here, the log is written here
    /// @param command       what comes before the arguments; by default this JVM and class path
    record Launch(Path file, int contextTokens, int threads, Path workDirectory, List<String> command) {

        Launch {
            requireNonNull(file, "file");
            requireNonNull(workDirectory, "workDirectory");
            command = List.copyOf(command);
        }

        static List<String> thisJava(Path workDirectory) {
            Path natives = workDirectory.resolve("native");
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP_MAX,
                    "-Xss1m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-XX:ErrorFile=" + workDirectory.resolve("crash.log"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dde.kherud.llama.tmpdir=" + natives,
                    "-cp",
                    System.getProperty("java.class.path"),
                    EmbeddedModelMain.class.getName());
        }
    }

    static ModelProcess start(Launch launch) throws IOException {
        Files.createDirectories(launch.workDirectory().resolve("native"));
        List<String> command = new ArrayList<>(launch.command());
        command.add(launch.file().toString());
        command.add(Integer.toString(launch.contextTokens()));
        command.add(Integer.toString(launch.threads()));
        var builder =
                new ProcessBuilder(command).directory(launch.workDirectory().toFile());
        // Threads that wait for each other sleep instead of turning: measured on a busy machine with two processors,
        // 12 instead of 0.6 tokens a second.
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        var log = new BoundedLog(launch.workDirectory().resolve("model.log"), LOG_BYTES_MAX);
        var child = new ModelProcess(launch, builder.start(), log);
        child.letTheKernelPreferIt();
        child.logWriter.start();
        child.newsReader.start();
        return child;
    }

    /// Waits until the model is loaded.
    ///
    /// @return false when the process ended, or did not get ready in time
    boolean awaitReady(Duration wait) throws InterruptedException {
        return ready.await(wait.toMillis(), TimeUnit.MILLISECONDS) && contextTokens > 0;
    }

    boolean alive() {
        return process.isAlive() && !ended;
    }

    Launch launch() {
        return launch;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    int contextTokens() {
        return contextTokens;
    }

    /// The exit code; empty while it runs.
    Optional<Integer> exit() {
        return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    void begin(long id, EngineRequest request) throws IOException {
        news.clear();
        if (ended) {
            news.add(END);
        }
        order(new EngineFrames.Order(id, request));
    }

    void cancel(long id) throws IOException {
        order(new EngineFrames.Order(id, null));
    }

    /// Waits for the next event of answer `id`; news of older answers are passed over.
    ///
    /// @return empty if none came in time; `Failed` if the process ended
    Optional<EngineEvent> next(long id, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            EngineFrames.@Nullable News one = news.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (one == null) {
                return Optional.empty();
            }
            if (one.id() == 0) {
                news.add(END);
                return Optional.of(new EngineEvent.Failed("the built-in model's process ended"));
            }
            if (one.id() == id) {
                return Optional.of(one.event());
            }
        }
    }

    /// Ends the process, first by closing its input, then by force, and waits until it is gone and its last words are
    /// written: nothing of it touches the work directory afterwards. An interrupt shortens the grace, not the rest.
    void stop(Duration grace) {
        try {
            orders.close();
        } catch (IOException _) {
            // Already gone.
        }
        boolean interrupted = false;
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            interrupted = true;
            process.destroyForcibly();
        }
        long deadline = System.nanoTime() + GONE_MAX.toNanos();
        boolean gone = false;
        while (!gone && System.nanoTime() - deadline < 0) {
            try {
                gone = process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                        && newsReader.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))
                        && logWriter.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final EngineFrames.News END = EngineFrames.News.ready(0);

    private void order(EngineFrames.Order order) throws IOException {
        byte[] line = EngineFrames.write(order).getBytes(StandardCharsets.UTF_8);
        writing.lock();
        try {
            orders.write(line);
            orders.flush();
        } finally {
            writing.unlock();
        }
    }

    private void readNews(InputStream from) {
        try (var lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                EngineFrames.read(line, EngineFrames.News.class).ifPresent(this::take);
                line = lines.readLine();
            }
        } catch (IOException _) {
            // The pipe broke with the process; told below.
        } finally {
            ended = true;
            news.add(END);
            ready.countDown();
        }
    }

    private void take(EngineFrames.News one) {
        if (one.id() == 0) {
            contextTokens = one.contextTokens();
            ready.countDown();
        } else {
            news.add(one);
        }
    }

    private void copyLog(InputStream from, BoundedLog log) {
        try (var lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                log.line(line);
                line = lines.readLine();
            }
        } catch (IOException _) {
            // The pipe broke with the process.
        }
    }

    private void letTheKernelPreferIt() {
        try {
            Path score = Path.of("/proc/" + process.pid() + "/oom_score_adj");
            if (Files.exists(score)) {
                Files.writeString(score, OOM_SCORE);
            }
        } catch (IOException _) {
            // Not Linux, or gone already: nothing depends on it.
        }
    }
}
