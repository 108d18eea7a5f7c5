package dev.steward.tasks;

import dev.steward.base.Secret;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import dev.steward.database.Database;
import dev.steward.database.DatabaseConfig;
import dev.steward.database.Peers;
import dev.steward.redis.RedisServer;
import dev.steward.testing.Eventually;
import dev.steward.testing.RedisFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Measures how tasks that one process accepts reach several others: handed out by PostgreSQL (`NOTIFY` and a claim by
/// whoever hears it), and through Redis. All processes are engines of one JVM; the database is real, with fsync on.
/// Prints a line for each figure; checks nothing.
///
/// Run this class's `main` on the test class path. Results: docs/internals/performance.md.
final class TaskDispatchBenchmark {

    private static final int NODES = Integer.getInteger("nodes", 3);
    private static final int TASKS = Integer.getInteger("tasks", 20_000);
    private static final int CALLERS = 500;
    private static final int PICK_UPS = Integer.getInteger("pickups", 500);
    private static final int ROUNDS = Integer.getInteger("rounds", 2);

    /// Ticks of the processor clock in a second, as `/proc` counts them.
    private static final double TICKS = 100;

    private final AtomicLong startedAt = new AtomicLong();
    private volatile CountDownLatch done = new CountDownLatch(0);
    private final Database database;
    private final Path home;
    private final RedisFixture redis;

    private TaskDispatchBenchmark(Database database, Path home, RedisFixture redis) {
        this.database = database;
        this.home = home;
        this.redis = redis;
    }

    /// @param args a directory for the database, which is made; default: one in `target`
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args.length > 0 ? args[0] : "target/benchmark-dispatch");
        var components = new ComponentRegistry(InstantSource.system());
        var component = components.register("database", Tier.CORE);
        try (Database database =
                        new Database(DatabaseConfig.embedded(), new Home(home), component, new SimpleMeterRegistry());
                RedisFixture redis = RedisFixture.start()) {
            database.await();
            var benchmark = new TaskDispatchBenchmark(database, home, redis);
            for (int round = 1; round <= ROUNDS; round++) {
                benchmark.run("PostgreSQL, round " + round, false);
                benchmark.run("Redis, round " + round, true);
            }
        }
    }

    private void run(String what, boolean throughRedis) throws Exception {
        JdbcClient jdbc = JdbcClient.create(database.connections());
        jdbc.sql("truncate task, task_attempt, task_replay, worker").update();
        jdbc.sql("vacuum analyze task").update();
        List<Peers> peers = new ArrayList<>();
        List<TestWorker> workers = new ArrayList<>();
        for (int node = 0; node <= NODES; node++) {
            var peer = new Peers(database.singles(), database.connections());
            peer.start();
            peers.add(peer);
            boolean works = node > 0;
            WakeUps wakeUps = new NotifyWakeUps(peer);
            if (throughRedis) {
                wakeUps = throughRedis(jdbc, works, wakeUps);
            }
            var worker = new TestWorker(
                    jdbc,
                    database.singles(),
                    new TransactionTemplate(new JdbcTransactionManager(database.connections())),
                    "benchmark-" + node,
                    TasksConfig.DEFAULTS,
                    wakeUps,
                    _ -> {},
                    works,
                    works ? new TaskHandler[] {new Noop()} : new TaskHandler[0]);
            worker.start();
            workers.add(worker);
        }
        Eventually.until("all see each other", () -> peers.stream().allMatch(Peers::any));
        TestWorker accepts = workers.getFirst();
        flow(accepts, TASKS / 4); // To warm up.
        pickUp(what, accepts);
        double database0 = databaseCpu();
        double redis0 = cpu(redis.pid());
        double java0 = cpu(ProcessHandle.current().pid());
        long begun = System.nanoTime();
        flow(accepts, TASKS);
        double seconds = (System.nanoTime() - begun) / 1e9;
        print(String.format(
                Locale.ROOT,
                "%s: %d nodes, %,.0f tasks/s; CPU per task: PostgreSQL %.0f us, Java %.0f us, Redis %.0f us",
                what,
                NODES,
                TASKS / seconds,
                (databaseCpu() - database0) / TASKS * 1e6,
                (cpu(ProcessHandle.current().pid()) - java0) / TASKS * 1e6,
                (cpu(redis.pid()) - redis0) / TASKS * 1e6));
        workers.reversed().forEach(TestWorker::close);
        peers.forEach(Peers::close);
    }

    private WakeUps throughRedis(JdbcClient jdbc, boolean works, WakeUps instead) {
        var components = new ComponentRegistry(InstantSource.system());
        return new RedisWakeUps(
                RedisServer.at(new Secret(redis.url())),
                UUID.randomUUID(),
                new TaskDispatchStore(jdbc)::space,
                works,
                instead,
                components.register("redis", Tier.OPTIONAL),
                new DispatchMetrics(new SimpleMeterRegistry()));
    }

    /// Many callers accept one task at a time, until the last row says completed.
    private void flow(TestWorker accepts, int tasks) throws InterruptedException {
        done = new CountDownLatch(tasks / CALLERS * CALLERS);
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            callers.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < tasks / CALLERS; i++) {
                    accepts.accept("noop");
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        done.await();
    }

    private void pickUp(String what, TestWorker accepts) throws InterruptedException {
        long[] fromCall = new long[PICK_UPS];
        long[] fromCommit = new long[PICK_UPS];
        for (int i = 0; i < PICK_UPS; i++) {
            done = new CountDownLatch(1);
            long call = System.nanoTime();
            accepts.accept(TestWorker.newTask("noop", Priority.HIGH, 0));
            long committed = System.nanoTime();
            done.await();
            fromCall[i] = startedAt.get() - call;
            fromCommit[i] = startedAt.get() - committed;
            TimeUnit.MILLISECONDS.sleep(5);
        }
        print(what + ": accept call to start " + quantiles(fromCall) + "; accept returned to start "
                + quantiles(fromCommit));
    }

    private final class Noop implements TaskHandler {
        @Override
        public String type() {
            return "noop";
        }

        @Override
        public Duration timeout() {
            return Duration.ofMinutes(1);
        }

        @Override
        public int concurrencyMax() {
            return 2000;
        }

        @Override
        public String run(TaskAttempt attempt) {
            startedAt.set(System.nanoTime());
            done.countDown();
            return "null";
        }
    }

    /// Seconds that all processes of the database have used, those that have ended included.
    private double databaseCpu() throws IOException {
        String postmaster = Files.readAllLines(home.resolve("database/data/postmaster.pid"))
                .getFirst()
                .strip();
        double ticks = 0;
        try (Stream<ProcessHandle> all =
                ProcessHandle.of(Long.parseLong(postmaster)).orElseThrow().descendants()) {
            for (ProcessHandle one : all.toList()) {
                ticks += cpu(one.pid()) * TICKS;
            }
        }
        return (ticks + ended(postmaster)) / TICKS;
    }

    private static double cpu(long pid) throws IOException {
        String[] fields = fields(Long.toString(pid));
        return fields.length == 0 ? 0 : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    private static double ended(String pid) throws IOException {
        String[] fields = fields(pid);
        return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    }

    /// The fields of `/proc/…/stat` from the third on; none when the process has gone.
    private static String[] fields(String pid) throws IOException {
        Path stat = Path.of("/proc", pid, "stat");
        if (!Files.exists(stat)) {
            return new String[0];
        }
        String text = Files.readString(stat);
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }

    private static String quantiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6);
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
