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
/// Run: `./steward benchmark tasks`, or this class's `main` on the test class path; with `-Drows=true` beside more and
/// more rows, up to `-Drows.max`; beside other queues by `benchmarks/queue/run`. Results:
/// docs/internals/performance.md.
final class TaskQueueBenchmark {

    private static final int TASKS = Integer.getInteger("tasks", 50_000);
    private static final long ADDED_AT_ONCE = 200_000;
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int CALLERS = Integer.getInteger("callers", 1000);
    private static final int PICK_UPS = Integer.getInteger("pickups", 2000);

    /// Cells to leave out, such as `drain,pickup`.
    private static final List<String> WITHOUT =
            List.of(System.getProperty("without", "").split(","));

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
        if (Boolean.getBoolean("peers")) {
            beside();
            return;
        }
        print("fsync " + show("fsync") + ", synchronous_commit " + show("synchronous_commit"));
        jdbc.sql("truncate task, task_attempt, task_replay, worker").update();
        var worker = new TestWorker(jdbc, singles, transactions, "benchmark", TasksConfig.DEFAULTS, new Noop());
        worker.start();
        try {
            if (Boolean.getBoolean("rows")) {
                flat(worker);
                return;
            }
            for (int round = 1; round <= ROUNDS && !WITHOUT.contains("endtoend"); round++) {
                cell("end to end, round " + round, () -> endToEnd(worker));
            }
            for (int round = 1; round <= ROUNDS && !WITHOUT.contains("drain"); round++) {
                fill(worker);
                cell("drain of a full queue, round " + round, () -> drain(worker));
            }
            if (!WITHOUT.contains("pickup")) {
                pickUp(worker);
            }
        } finally {
            worker.close();
        }
    }

    /// The same beside other queues: speaks the protocol of `benchmarks/queue/run`, which reads processor time itself.
    private void beside() throws InterruptedException {
        var worker = new TestWorker(jdbc, singles, transactions, "benchmark", TasksConfig.DEFAULTS, new Noop());
        worker.start();
        try {
            for (int round = 0; round < number("ROUNDS"); round++) {
                print("begin end_to_end");
                long start = System.nanoTime();
                endToEnd(worker);
                print(String.format(
                        Locale.ROOT, "end end_to_end {\"tasks\": %d, \"seconds\": %.4f}", TASKS, seconds(start)));
            }
            Thread.sleep(1000);
            print("begin pick_up");
            long[] took = new long[number("PICK_UPS")];
            for (int i = 0; i < took.length; i++) {
                done = new CountDownLatch(1);
                long call = System.nanoTime();
                worker.accept("noop");
                done.await();
                took[i] = startedAt.get() - call;
                Thread.sleep(5);
            }
            Arrays.sort(took);
            print(String.format(
                    Locale.ROOT,
                    "end pick_up {\"tasks\": %d, \"p50_ms\": %.3f, \"p99_ms\": %.3f}",
                    took.length,
                    took[took.length / 2] / 1e6,
                    took[took.length * 99 / 100] / 1e6));
        } finally {
            worker.close();
        }
    }

    private static int number(String variable) {
        return Integer.parseInt(System.getenv(variable));
    }

    /// The cost of a task beside ever more finished ones, then beside many that are scheduled for later.
    private void flat(TestWorker worker) throws InterruptedException {
        for (int round = 1; round < ROUNDS; round++) {
            cell("warm-up", () -> endToEnd(worker));
        }
        jdbc.sql("truncate task cascade").update();
        cell("beside none", () -> endToEnd(worker));
        long rows = TASKS;
        for (long wanted : new long[] {100_000, 1_000_000, 10_000_000}) {
            if (wanted > Long.getLong("rows.max", 10_000_000L)) {
                break;
            }
            add(wanted - rows, "2, now()", "created");
            rows = wanted;
            for (int round = 1; round <= 2; round++) {
                cell(String.format(Locale.ROOT, "beside %,d finished", rows), () -> endToEnd(worker));
                rows += TASKS;
            }
        }
        add(100_000, "0, now() + interval '1 day'", "run_at");
        cell("and 100,000 scheduled", () -> endToEnd(worker));
    }

    /// Adds rows as they are after so much work: of other owners and earlier, finished or waiting for their time.
    private void add(long rows, String statusAndTime, String time) {
        String sql = "insert into task (owner, id, type, priority, level, max_retries, input, status, " + time + ")"
                + " select uuidv7(), uuidv7(interval '-1 day'), 'noop', 1, 7, 3, '{}', " + statusAndTime
                + " from generate_series(1, :rows)";
        for (long left = rows; left > 0; left -= ADDED_AT_ONCE) {
            jdbc.sql(sql).param("rows", Math.min(left, ADDED_AT_ONCE)).update();
        }
        jdbc.sql("vacuum (analyze) task").update();
    }

    @FunctionalInterface
    private interface Cell {
        double run() throws InterruptedException;
    }

    private void cell(String what, Cell cell) throws InterruptedException {
        var usage = new Usage(jdbc);
        double perSecond = cell.run();
        print(String.format(Locale.ROOT, "%s: %,.0f tasks/s; %s", what, perSecond, usage.each(TASKS)));
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
        return finish(worker, start);
    }

    private void fill(TestWorker worker) {
        done = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i += 1000) {
            List<Acceptance> batch = new ArrayList<>();
            for (int j = 0; j < 1000; j++) {
                batch.add(Acceptance.of(TestWorker.newTask("later")));
            }
            worker.store.accept(batch);
        }
    }

    /// From the first claim until the last completed row.
    private double drain(TestWorker worker) throws InterruptedException {
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

    private static void print(String line) {
        System.out.println(line);
    }
}
