package dev.steward.tasks;

import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

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

    private TaskQueueBenchmark() {}

    public static void main(String[] args) throws Exception {
        try (PostgresFixture postgres = PostgresFixture.create()) {
            print("fsync %s, synchronous_commit %s", show(postgres, "fsync"), show(postgres, "synchronous_commit"));
            new TaskQueueBenchmark().run(postgres);
        }
    }

    private void run(PostgresFixture postgres) throws InterruptedException {
        TaskHandler noop = new Noop();
        var worker = new TestWorker(postgres, "benchmark", TasksConfig.DEFAULTS, noop);
        worker.start();
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                print("round %d end to end: %,.0f tasks/s", round, endToEnd(worker));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                print("round %d drain of a full queue: %,.0f tasks/s", round, drain(worker));
            }
            pickUp(postgres, worker);
        } finally {
            worker.stop();
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
        print("  accepted at %,.0f tasks/s", TASKS / seconds(start));
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
        double rate = finish(worker, start);
        return rate;
    }

    private double finish(TestWorker worker, long start) throws InterruptedException {
        done.await();
        while (worker.engine.runningCount() > 0) {
            Thread.onSpinWait();
        }
        return TASKS / seconds(start);
    }

    private void pickUp(PostgresFixture postgres, TestWorker worker) throws InterruptedException {
        long[] fromCall = new long[PICK_UPS];
        long[] fromCommit = new long[PICK_UPS];
        for (int i = 0; i < PICK_UPS; i++) {
            done = new CountDownLatch(1);
            NewTask task = TestWorker.newTask("noop", Priority.HIGH, 0);
            long call = System.nanoTime();
            if (i % 2 == 0) {
                worker.accept(task);
            } else {
                postgres.transactions().executeWithoutResult(_ -> worker.accept(task));
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
        print("accept call to start: %s", quantiles(fromCall));
        print("accept returned to start: %s", quantiles(fromCommit));
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

    private static String show(PostgresFixture postgres, String setting) {
        return postgres.jdbc().sql("show " + setting).query(String.class).single();
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
