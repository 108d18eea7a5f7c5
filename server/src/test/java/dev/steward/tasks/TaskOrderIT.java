package dev.steward.tasks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who goes first, and how many at once.
class TaskOrderIT {

    private static final UserId SOMEBODY_ELSE = new UserId(UUID.fromString("00000000-0000-7000-8000-000000000002"));

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private final List<TestWorker> workers = new ArrayList<>();

    @AfterEach
    void stopWorkers() {
        workers.forEach(TestWorker::close);
        postgres.jdbc()
                .sql("truncate task, task_attempt, task_replay, worker, task_type, task_type_change")
                .update();
    }

    private TestWorker prepared(String home, TaskHandler... handlers) {
        var worker = new TestWorker(postgres, home, TestWorker.quick(), handlers);
        workers.add(worker);
        return worker;
    }

    private static NewTask of(UserId owner, String type, Priority priority) {
        NewTask task = TestWorker.newTask(type, priority, 3);
        return new NewTask(
                task.id(), owner, type, priority, "", "{}", Optional.empty(), Optional.empty(), 3, Optional.empty());
    }

    /// Runs one task at a time and remembers the order.
    private static TestHandler oneByOne(Semaphore steps) {
        return new TestHandler("work", 1, Duration.ofMinutes(1), _ -> {
            steps.acquire();
            return "null";
        });
    }

    @Test
    void somebodyWithOneTaskDoesNotWaitBehindAnothersThousand() {
        var steps = new Semaphore(10_000);
        var handler = oneByOne(steps);
        TestWorker worker = prepared("fair", handler);
        List<NewTask> many = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            many.add(of(TestWorker.OWNER, "work", Priority.MEDIUM));
        }
        postgres.transactions().executeWithoutResult(_ -> many.forEach(worker.queue::accept));
        NewTask one = of(SOMEBODY_ELSE, "work", Priority.MEDIUM);
        postgres.transactions().executeWithoutResult(_ -> worker.queue.accept(one));

        worker.start();
        Eventually.until("it ran", () -> handler.started().contains(one.id()));

        assertThat(handler.started().indexOf(one.id())).isLessThanOrEqualTo(Level.LANES.getFirst());
    }

    @Test
    void onesOwnTasksKeepTheirOrderHoweverManyTheyAre() {
        var handler = oneByOne(new Semaphore(10_000));
        TestWorker worker = prepared("order", handler);
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            NewTask task = of(TestWorker.OWNER, "work", Priority.MEDIUM);
            postgres.transactions().executeWithoutResult(_ -> worker.queue.accept(task));
            tasks.add(task);
        }

        worker.start();
        Eventually.until("all ran", () -> handler.started().size() == tasks.size());

        assertThat(handler.started()).isEqualTo(tasks.stream().map(NewTask::id).toList());
    }

    @Test
    void aLowTaskIsNotStarvedByUrgentOnesThatNeverEnd() {
        var handler = oneByOne(new Semaphore(1_000_000));
        TestWorker worker = prepared("ageing", handler);
        NewTask low = of(TestWorker.OWNER, "work", Priority.LOW);
        worker.store.accept(List.of(Acceptance.of(low)));
        postgres.jdbc()
                .sql("update task set run_at = now() - interval '1 hour'")
                .update();
        var stop = new CountDownLatch(1);
        worker.start();
        Thread flood = Thread.ofVirtual().start(() -> {
            while (stop.getCount() > 0) {
                List<Acceptance> urgent = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    urgent.add(Acceptance.of(of(SOMEBODY_ELSE, "work", Priority.CRITICAL)));
                }
                if (waiting() < 2000) {
                    worker.store.accept(urgent);
                    worker.engine.hint(Duration.ZERO);
                }
            }
        });

        try {
            Eventually.until("the low one ran", () -> handler.started().contains(low.id()));
        } finally {
            stop.countDown();
            Assertions.assertThatNoException().isThrownBy(flood::join);
        }
    }

    private static long waiting() {
        return postgres.jdbc()
                .sql("select count(*) from task where status = 0")
                .query(Long.class)
                .single();
    }

    @Test
    void aLimitForAllProcessesHoldsForThemTogether() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var limit = TaskLimits.none().everywhere(3);
        TestWorker one = prepared("one", counting("work", running, most).limited(limit));
        TestWorker two = prepared("two", counting("work", running, most).limited(limit));
        for (int i = 0; i < 100; i++) {
            one.store.accept(List.of(Acceptance.of(of(TestWorker.OWNER, "work", Priority.MEDIUM))));
        }

        one.start();
        two.start();
        Eventually.until("all ran", Duration.ofSeconds(30), () -> unfinished() == 0);

        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aLimitPerKeyHoldsAndOtherKeysAreNotHeldUp() {
        Map<UserId, AtomicInteger> running = new ConcurrentHashMap<>();
        Map<UserId, AtomicInteger> most = new ConcurrentHashMap<>();
        var gate = new CountDownLatch(1);
        var handler = new TestHandler("work", 50, Duration.ofMinutes(1), a -> {
            int now =
                    running.computeIfAbsent(a.owner(), _ -> new AtomicInteger()).incrementAndGet();
            most.computeIfAbsent(a.owner(), _ -> new AtomicInteger()).accumulateAndGet(now, Math::max);
            if (a.owner().equals(TestWorker.OWNER)) {
                gate.await();
            }
            requireNonNull(running.get(a.owner())).decrementAndGet();
            return "null";
        });
        TestWorker worker = prepared("keys", handler.limited(TaskLimits.none().perKey(2)));
        worker.start();
        for (int i = 0; i < 40; i++) {
            worker.accept(of(TestWorker.OWNER, "work", Priority.CRITICAL));
        }
        List<NewTask> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(of(SOMEBODY_ELSE, "work", Priority.LOW));
            worker.accept(others.getLast());
        }

        Eventually.until(
                "the others ran",
                () -> handler.started()
                        .containsAll(others.stream().map(NewTask::id).toList()));
        gate.countDown();
        Eventually.until("all ran", Duration.ofSeconds(30), () -> unfinished() == 0);

        assertThat(most.get(TestWorker.OWNER)).hasValue(2);
        assertThat(most.get(SOMEBODY_ELSE)).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void noMoreOfATypeStartInATimeThanItsRateAllows() {
        var handler =
                new TestHandler("work", _ -> "null").limited(TaskLimits.none().perSecond(20, 5));
        TestWorker worker = prepared("rate", handler);
        for (int i = 0; i < 25; i++) {
            worker.store.accept(List.of(Acceptance.of(of(TestWorker.OWNER, "work", Priority.MEDIUM))));
        }
        worker.start();
        Eventually.until("all ran", Duration.ofSeconds(30), () -> unfinished() == 0);

        // 5 at once, the other 20 at 20 a second: the last starts a second after the first.
        double seconds = postgres.jdbc()
                .sql("select extract(epoch from max(started_at) - min(started_at))::float8 from task")
                .query(Double.class)
                .single();
        assertThat(seconds).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void aPausedTypeWaitsEverywhereAndOthersGoOn() {
        TestWorker one = prepared("one", new TestHandler("work", _ -> "null"), new TestHandler("other", _ -> "null"));
        var types = new TaskTypeStore(postgres.jdbc());
        one.start();
        assertThat(types.pause("work", TestWorker.OWNER, "too loud")).isTrue();
        assertThat(types.pause("work", SOMEBODY_ELSE, "again")).isFalse();
        one.engine.readPaused();

        TaskId paused = one.accept("work");
        TaskId other = one.accept("other");
        Eventually.until("the other ran", () -> one.statusOf(other) == TaskStatus.COMPLETED);
        one.stop();
        TestWorker two = prepared("one", new TestHandler("work", _ -> "null"), new TestHandler("other", _ -> "null"));
        two.start();
        TaskId later = two.accept("other");
        Eventually.until("the other ran", () -> two.statusOf(later) == TaskStatus.COMPLETED);
        assertThat(two.statusOf(paused)).isEqualTo(TaskStatus.PENDING);

        assertThat(types.resume("work", TestWorker.OWNER, "")).isTrue();
        Eventually.until("it ran", () -> two.statusOf(paused) == TaskStatus.COMPLETED);
        assertThat(types.changes())
                .extracting(TaskTypeStore.Change::action, TaskTypeStore.Change::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("resume", ""),
                        org.assertj.core.groups.Tuple.tuple("pause", "too loud"));
    }

    @Test
    void whatIsTooLongOrTooLateIsRefusedWhoeverHandsItIn() {
        TestWorker worker = prepared(
                "refusing",
                new TestHandler("work", _ -> "null").limited(TaskLimits.none().inputBytes(10)));
        NewTask task = of(TestWorker.OWNER, "work", Priority.MEDIUM);
        var tooLong = with(task, "{\"a\":\"123456789\"}", Optional.empty());
        var tooLate = with(task, "{}", Optional.of(Instant.EPOCH));

        Map<String, NewTask> refused = new HashMap<>(Map.of("input", tooLong, "deadline", tooLate));
        refused.forEach((field, bad) -> Assertions.assertThatThrownBy(() -> worker.queue.accept(bad))
                .isInstanceOfSatisfying(
                        StewardException.class,
                        e -> assertThat(e.faults()).extracting(f -> f.field()).containsExactly(field)));
        assertThat(worker.list.find(TestWorker.OWNER, task.id())).isEmpty();
    }

    private static NewTask with(NewTask task, String input, Optional<Instant> deadline) {
        return new NewTask(
                task.id(),
                task.owner(),
                task.type(),
                task.priority(),
                "",
                input,
                Optional.empty(),
                deadline,
                3,
                Optional.empty());
    }

    @Test
    void aTaskThatMustNotBeRepeatedIsKeptApartWhenItsWorkerIsLost() {
        var started = new CountDownLatch(1);
        TestWorker first = prepared(
                "once",
                new TestHandler("work", _ -> {
                            started.countDown();
                            new CountDownLatch(1).await();
                            return "null";
                        })
                        .once());
        first.start();
        TaskId task = first.accept("work");
        Eventually.until("it runs", () -> started.getCount() == 0);
        first.kill();

        TestWorker second = prepared("once", new TestHandler("work", _ -> "null").once());
        second.start();
        Eventually.until("it is kept apart", () -> second.statusOf(task) == TaskStatus.DEAD_LETTER);

        assertThat(second.task(task).cause()).contains("unknown_outcome");
        assertThat(second.task(task).attempts()).isEqualTo(1);
    }

    private static TestHandler counting(String type, AtomicInteger running, AtomicInteger most) {
        return new TestHandler(type, _ -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                // Takes as long as something real would, so that attempts overlap where they may.
                return postgres.jdbc()
                        .sql("select coalesce(pg_sleep(0.005)::text, '') || 'null'")
                        .query((row, _) -> row.getString(1))
                        .single();
            } finally {
                running.decrementAndGet();
            }
        });
    }

    private static long unfinished() {
        return postgres.jdbc()
                .sql("select count(*) from task where status in (0, 1)")
                .query(Long.class)
                .single();
    }
}
