package dev.steward.tasks;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import dev.steward.database.Database;
import dev.steward.database.DatabaseConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/// Measures the queue on a real PostgreSQL with fsync on: durable no-op tasks a second, and how long an idle worker
/// takes to pick one up. Prints a line for each figure; checks nothing.
///
/// Run: `./steward benchmark tasks`, or this class's `main` on the test class path. Results:
/// docs/internals/performance.md.
final class TaskQueueBenchmark {

    private static final int TASKS = Integer.getInteger("tasks", 50_000);
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int CALLERS = Integer.getInteger("callers", 1000);
    private static final int PICK_UPS = Integer.getInteger("pickups", 2000);

    private final AtomicLong startedAt = new AtomicLong();
    private volatile CountDownLatch done = new CountDownLatch(0);

    private final JdbcClient jdbc;
    private final DataSource singles;
    private final TransactionOperations transactions;

    private TaskQueueBenchmark(JdbcClient jdbc, DataSource singles, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.singles = singles;
        this.transactions = transactions;
    }

    /// @param args a directory for the database, which is made; default: one in `target`
    public static void main(String[] args) throws Exception {
        var home = new Home(Path.of(args.length > 0 ? args[0] : "target/benchmark-tasks"));
        var components = new ComponentRegistry(InstantSource.system());
        var component = components.register("database", Tier.CORE);
        try (Database database = new Database(DatabaseConfig.embedded(), home, component, new SimpleMeterRegistry())) {
            database.await();
            var benchmark = new TaskQueueBenchmark(
                    JdbcClient.create(database.connections()),
                    database.singles(),
                    new TransactionTemplate(new JdbcTransactionManager(database.connections())));
            benchmark.run();
        }
    }

    private void run() throws InterruptedException {
        print("fsync " + show("fsync") + ", synchronous_commit " + show("synchronous_commit"));
        jdbc.sql("truncate task, task_attempt, task_replay, worker").update();
        var worker = new TestWorker(jdbc, singles, transactions, "benchmark", TasksConfig.DEFAULTS, new Noop());
        worker.start();
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                rate("end to end, round " + round, endToEnd(worker));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                rate("drain of a full queue, round " + round, drain(worker));
            }
            pickUp(worker);
        } finally {
            worker.close();
        }
    }

    /// From the first accept call until the last completed row, while many callers accept one task at a time.
    private double endToEnd(TestWorker worker) throws InterruptedException {
        done = new CountDownLatch(TASKS);
        long start = System.nanoTime();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            callers.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < TASKS / CALLERS; i++) {
                    worker.accept("noop");
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        rate("  accepted", TASKS / seconds(start));
        return finish(worker, start);
    }

    /// From the first claim until the last completed row.
    private double drain(TestWorker worker) throws InterruptedException {
        done = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i += 1000) {
            List<Acceptance> batch = new ArrayList<>();
            for (int j = 0; j < 1000; j++) {
                batch.add(Acceptance.of(TestWorker.newTask("later")));
            }
            worker.store.accept(batch);
        }
        long start = System.nanoTime();
        worker.handlers.find("later").ifPresentOrElse(_ -> {}, () -> worker.handlers.add(new Later()));
        worker.engine.hint(Duration.ZERO);
        return finish(worker, start);
    }

    private double finish(TestWorker worker, long start) throws InterruptedException {
        done.await();
        while (worker.engine.runningCount() > 0) {
            Thread.onSpinWait();
        }
        return TASKS / seconds(start);
    }

    private void pickUp(TestWorker worker) throws InterruptedException {
        long[] fromCall = new long[PICK_UPS];
        long[] fromCommit = new long[PICK_UPS];
        for (int i = 0; i < PICK_UPS; i++) {
            done = new CountDownLatch(1);
            NewTask task = TestWorker.newTask("noop", Priority.HIGH, 0);
            long call = System.nanoTime();
            if (i % 2 == 0) {
                worker.accept(task);
            } else {
                transactions.executeWithoutResult(_ -> worker.accept(task));
            }
            long committed = System.nanoTime();
            done.await();
            fromCall[i] = startedAt.get() - call;
            fromCommit[i] = startedAt.get() - committed;
            while (worker.engine.runningCount() > 0) {
                Thread.onSpinWait();
            }
            Thread.sleep(2);
        }
        print("accept call to start: " + quantiles(fromCall));
        print("accept returned to start: " + quantiles(fromCommit));
    }

    private class Noop implements TaskHandler {
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

    private final class Later extends Noop {
        @Override
        public String type() {
            return "later";
        }
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static String quantiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 9 / 10] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    private String show(String setting) {
        return jdbc.sql("show " + setting).query(String.class).single();
    }

    private static void rate(String what, double perSecond) {
        print(String.format(Locale.ROOT, "%s: %,.0f tasks/s", what, perSecond));
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
