package dev.steward.tasks;

import static dev.steward.tasks.TestWorker.OWNER;
import static dev.steward.tasks.TestWorker.newTask;
import static dev.steward.tasks.TestWorker.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TaskQueueIT {

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private static final java.time.InstantSource CLOCK = java.time.InstantSource.system();

    private final List<TestWorker> workers = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void stopWorkers() {
        never.countDown();
        workers.forEach(TestWorker::close);
        postgres.jdbc().sql("truncate task, task_attempt, task_replay, worker").update();
    }

    private TestWorker worker(TasksConfig config, TaskHandler... handlers) {
        TestWorker worker = TestWorker.started(postgres, "home-" + UUID.randomUUID(), config, handlers);
        workers.add(worker);
        return worker;
    }

    private static void awaitStatus(TestWorker worker, TaskId task, TaskStatus status) {
        Eventually.until(task + " is " + status, () -> worker.statusOf(task) == status);
    }

    @Test
    void anAcceptedTaskRunsAndItsResultIsKept() {
        var handler = new TestHandler("work", a -> "{\"sum\": 3}");
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept("work");

        awaitStatus(worker, task, TaskStatus.COMPLETED);
        Task done = worker.task(task);
        assertThat(done.result()).contains("{\"sum\": 3}");
        assertThat(done.attempts()).isEqualTo(1);
        assertThat(done.retryCount()).isZero();
        assertThat(done.progress()).isEqualTo(1);
        assertThat(done.startedAt()).isPresent();
        assertThat(done.completedAt()).isPresent();
        assertThat(worker.outcomes(task)).containsExactly("completed");
    }

    @Test
    void acceptingTheSameIdAgainChangesNothing() {
        var handler = new TestHandler("work", a -> "null");
        TestWorker worker = worker(quick(), handler);
        NewTask task = newTask("work");

        worker.accept(task);
        worker.accept(task);
        awaitStatus(worker, task.id(), TaskStatus.COMPLETED);
        worker.accept(task);
        awaitStatus(worker, worker.accept("work"), TaskStatus.COMPLETED);

        assertThat(handler.started()).filteredOn(task.id()::equals).hasSize(1);
    }

    @Test
    void aTaskOfATransactionThatRollsBackNeverRuns() {
        var handler = new TestHandler("work", a -> "null");
        TestWorker worker = worker(quick(), handler);
        NewTask undone = newTask("work");

        postgres.transactions().executeWithoutResult(transaction -> {
            worker.accept(undone);
            transaction.setRollbackOnly();
        });
        NewTask done = newTask("work");
        postgres.transactions().executeWithoutResult(_ -> worker.accept(done));

        awaitStatus(worker, done.id(), TaskStatus.COMPLETED);
        assertThat(worker.list.find(OWNER, undone.id())).isEmpty();
        assertThat(handler.started()).containsExactly(done.id());
    }

    @Test
    void urgentTasksRunFirstAndEqualOnesInTheOrderTheyCame() {
        var handler = new TestHandler("work", 1, Duration.ofMinutes(1), a -> "null");
        var worker = new TestWorker(postgres, "ordering", quick(), handler);
        workers.add(worker);
        List<NewTask> tasks = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.HIGH, Priority.MEDIUM, Priority.CRITICAL)) {
            for (int i = 0; i < 3; i++) {
                tasks.add(newTask("work", priority, 0));
            }
        }
        worker.store.accept(tasks.stream().map(Acceptance::of).toList());

        worker.start();
        Eventually.until("all have run", () -> handler.attempts.size() == tasks.size());

        List<Priority> order = handler.started().stream()
                .map(id -> tasks.stream()
                        .filter(t -> t.id().equals(id))
                        .findFirst()
                        .orElseThrow())
                .map(NewTask::priority)
                .toList();
        assertThat(order).isSortedAccordingTo((a, b) -> b.compareTo(a)).hasSize(12);
        assertThat(handler.started().subList(0, 3))
                .isSortedAccordingTo((a, b) -> a.toString().compareTo(b.toString()));
    }

    @Test
    void noMoreOfATypeRunAtOnceThanItAllowsAndOthersAreNotHeldUp() {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var narrow = new TestHandler("narrow", 2, Duration.ofMinutes(1), a -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            never.await();
            now.decrementAndGet();
            return "null";
        });
        var wide = new TestHandler("wide", a -> "null");
        TestWorker worker = worker(quick(), narrow, wide);
        List<TaskId> blocked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            blocked.add(worker.accept(newTask("narrow", Priority.CRITICAL, 0)));
        }

        TaskId other = worker.accept(newTask("wide", Priority.LOW, 0));

        awaitStatus(worker, other, TaskStatus.COMPLETED);
        assertThat(blocked.stream().filter(t -> worker.statusOf(t) == TaskStatus.RUNNING))
                .hasSizeLessThanOrEqualTo(2);
        never.countDown();
        blocked.forEach(t -> awaitStatus(worker, t, TaskStatus.COMPLETED));
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void aFailedAttemptIsRepeatedAndEveryFailureIsKept() {
        var handler = new TestHandler("work", a -> {
            if (a.number() < 3) {
                throw new IllegalStateException("secret text");
            }
            return "null";
        });
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept("work");

        awaitStatus(worker, task, TaskStatus.COMPLETED);
        assertThat(worker.outcomes(task)).containsExactly("failed", "failed", "completed");
        assertThat(worker.task(task).retryCount()).isEqualTo(2);
        assertThat(worker.task(task).error()).isEmpty();
        assertThat(worker.list
                        .attempts(OWNER, task)
                        .getFirst()
                        .error()
                        .orElseThrow()
                        .message())
                .contains("IllegalStateException")
                .doesNotContain("secret text");
        assertThat(handler.ended).isEmpty();
    }

    @Test
    void theLastFailureMakesADeadLetterWithItsCause() {
        var handler = new TestHandler("work", a -> {
            throw new StewardException(ErrorCode.NETWORK_ERROR, "Backend 17 did not answer.");
        });
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept(newTask("work", Priority.MEDIUM, 2));

        awaitStatus(worker, task, TaskStatus.DEAD_LETTER);
        Task dead = worker.task(task);
        assertThat(worker.outcomes(task)).containsExactly("failed", "failed", "failed");
        assertThat(dead.cause()).contains("retries_exhausted");
        assertThat(dead.error()).contains(new Task.TaskError("network_error", "Backend 17 did not answer."));
        assertThat(dead.fingerprint()).contains(Fingerprint.of("work", "network_error", "Backend 99 did not answer."));
        assertThat(handler.ended).hasSize(1);
        assertThat(handler.ended.getFirst().status()).isEqualTo(TaskStatus.DEAD_LETTER);
    }

    @Test
    void aFailureThatCanNotBeRetriedMakesADeadLetterAtOnce() {
        var handler = new TestHandler("work", a -> {
            throw new StewardException(ErrorCode.VALIDATION_ERROR, "The input is wrong.");
        });
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept("work");

        awaitStatus(worker, task, TaskStatus.DEAD_LETTER);
        assertThat(worker.outcomes(task)).containsExactly("failed");
        assertThat(worker.task(task).cause()).contains("not_retryable");
    }

    @Test
    void aHandlerThatFailsToTakeNoteOfAnEndDoesNotKeepTheTaskAlive() {
        var handler = new TaskHandlerThatChokes();
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept(newTask("choke", Priority.MEDIUM, 0));

        awaitStatus(worker, task, TaskStatus.DEAD_LETTER);
    }

    private static final class TaskHandlerThatChokes implements TaskHandler {
        @Override
        public String type() {
            return "choke";
        }

        @Override
        public Duration timeout() {
            return Duration.ofMinutes(1);
        }

        @Override
        public int concurrencyMax() {
            return 1;
        }

        @Override
        public String run(TaskAttempt attempt) {
            throw new IllegalStateException("fails");
        }

        @Override
        public void ended(EndedTask task) {
            throw new IllegalStateException("chokes");
        }
    }

    @Test
    void aPostponedTaskWaitsWithoutFailingUntilItIsHurried() {
        var ready = new AtomicInteger();
        var handler = new TestHandler("work", a -> {
            if (ready.get() == 0) {
                throw new TaskPostponedException(Duration.ofHours(1), "no model");
            }
            return "null";
        });
        TestWorker worker = worker(quick(), handler);
        TaskId task = worker.accept(newTask("work", Priority.MEDIUM, 0));
        Eventually.until(
                "it is postponed",
                () -> worker.task(task).runAt().isAfter(CLOCK.instant().plusSeconds(60)));
        ready.set(1);

        worker.queue.hurry(List.of(task));

        awaitStatus(worker, task, TaskStatus.COMPLETED);
        assertThat(worker.task(task).retryCount()).isZero();
        assertThat(worker.outcomes(task)).containsExactly("completed");
    }

    @Test
    void aTaskForLaterStartsWhenItIsDue() {
        var handler = new TestHandler("work", a -> "null");
        TestWorker worker = worker(quick(), handler);
        NewTask plain = newTask("work");
        Instant due = CLOCK.instant().plusMillis(400);
        NewTask later = new NewTask(
                plain.id(),
                OWNER,
                "work",
                Priority.CRITICAL,
                "",
                "{}",
                Optional.of(due),
                Optional.empty(),
                0,
                Optional.empty());

        worker.accept(later);
        awaitStatus(worker, worker.accept("work"), TaskStatus.COMPLETED);
        awaitStatus(worker, later.id(), TaskStatus.COMPLETED);

        assertThat(worker.task(later.id()).startedAt().orElseThrow()).isAfterOrEqualTo(due.minusMillis(1));
    }

    @Test
    void anAttemptThatTakesTooLongIsInterruptedAndCountsAsATimeout() {
        var handler = new TestHandler("slow", 10, Duration.ofMillis(50), a -> {
            never.await();
            return "null";
        });
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept(newTask("slow", Priority.MEDIUM, 1));

        awaitStatus(worker, task, TaskStatus.DEAD_LETTER);
        assertThat(worker.outcomes(task)).containsExactly("timed_out", "timed_out");
        assertThat(worker.task(task).error().orElseThrow().code()).isEqualTo("task_timeout");
    }

    @Test
    void aHandlerThatIgnoresItsInterruptIsEndedWithoutItAndItsResultDoesNotCount() {
        var release = new CountDownLatch(1);
        var handler = new TestHandler("deaf", 1, Duration.ofMillis(50), a -> {
            while (release.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            return "\"too late\"";
        });
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept(newTask("deaf", Priority.MEDIUM, 0));

        awaitStatus(worker, task, TaskStatus.DEAD_LETTER);
        assertThat(worker.task(task).error().orElseThrow().code()).isEqualTo("task_timeout");
        TaskId next = worker.accept("deaf");
        release.countDown();
        awaitStatus(worker, next, TaskStatus.COMPLETED);
        assertThat(worker.task(task).result()).isEmpty();
        assertThat(worker.statusOf(task)).isEqualTo(TaskStatus.DEAD_LETTER);
    }

    @Test
    void aDeadlineEndsAWaitingAndARunningTask() {
        var handler = new TestHandler("slow", a -> {
            never.await();
            return "null";
        });
        TestWorker worker = worker(quick(), handler);
        // Long enough for both to be accepted, and the second to begin, before it passes.
        Instant deadline = CLOCK.instant().plusSeconds(3);
        NewTask waiting = withDeadline("nobody-runs-this", deadline);
        NewTask running = withDeadline("slow", deadline);

        worker.accept(waiting);
        worker.accept(running);

        awaitStatus(worker, waiting.id(), TaskStatus.DEAD_LETTER);
        awaitStatus(worker, running.id(), TaskStatus.DEAD_LETTER);
        assertThat(worker.task(waiting.id()).cause()).contains("deadline");
        assertThat(worker.task(running.id()).cause()).contains("deadline");
        assertThat(worker.outcomes(waiting.id())).isEmpty();
        assertThat(worker.outcomes(running.id())).containsExactly("deadline");
    }

    private static NewTask withDeadline(String type, Instant deadline) {
        NewTask plain = newTask(type);
        return new NewTask(
                plain.id(),
                OWNER,
                type,
                Priority.MEDIUM,
                "",
                "{}",
                Optional.empty(),
                Optional.of(deadline),
                3,
                Optional.empty());
    }

    @Test
    void aFullQueueRefusesWithATimeToComeAgain() {
        TestWorker worker = worker(TestWorker.config(Duration.ofSeconds(60), 10, 3));
        for (int i = 0; i < 3; i++) {
            worker.accept("nobody-runs-this");
        }

        assertThatThrownBy(() -> worker.accept("nobody-runs-this"))
                .isInstanceOfSatisfying(StewardException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
                    assertThat(e.retryAfter()).isPresent();
                });
    }

    @Test
    void oneUnreadableInputDoesNotRefuseTheOthersOfItsBatch() throws Exception {
        var handler = new TestHandler("work", a -> "null");
        TestWorker worker = worker(quick(), handler);
        NewTask plain = newTask("work");
        var bad = new NewTask(
                plain.id(),
                OWNER,
                "work",
                Priority.LOW,
                "",
                "{not json",
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty());
        var failures = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        List<TaskId> good = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 40; i++) {
            boolean isBad = i == 20;
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    TaskId id = worker.accept(isBad ? bad : newTask("work"));
                    good.add(id);
                } catch (RuntimeException e) {
                    failures.incrementAndGet();
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(failures).hasValue(1);
        good.forEach(t -> awaitStatus(worker, t, TaskStatus.COMPLETED));
        assertThat(good).hasSize(39);
    }

    @Test
    void aResultThatTheTableCanNotHoldIsAVisibleFailure() {
        var handler = new TestHandler("odd", a -> "\"\\u0000\"");
        var fine = new TestHandler("work", a -> "null");
        TestWorker worker = worker(quick(), handler, fine);

        TaskId task = worker.accept("odd");
        TaskId other = worker.accept("work");

        awaitStatus(worker, task, TaskStatus.DEAD_LETTER);
        awaitStatus(worker, other, TaskStatus.COMPLETED);
        assertThat(worker.task(task).error().orElseThrow().code()).isEqualTo("internal_error");
    }

    @Test
    void progressIsKeptWhileATaskRuns() {
        var handler = new TestHandler("work", a -> {
            a.progress(0.5);
            never.await();
            return "null";
        });
        TestWorker worker = worker(quick(), handler);

        TaskId task = worker.accept("work");

        Eventually.until("progress is kept", () -> worker.task(task).progress() == 0.5);
    }

    @Test
    void metricsCarryTheNamesOfTheContract() {
        var handler = new TestHandler("work", a -> "null");
        TestWorker worker = worker(quick(), handler);

        awaitStatus(worker, worker.accept("work"), TaskStatus.COMPLETED);
        worker.janitor.cleanDeadLetters();

        Eventually.until(
                "the rate shows it",
                () -> worker.meters.get("task_processing_rate").gauge().value() > 0);
        assertThat(worker.meters.getMeters().stream()
                        .map(m -> m.getId().getName())
                        .distinct())
                .contains(
                        "task_queue_size",
                        "task_processing_rate",
                        "task_error_rate",
                        "task_processing_duration",
                        "dlq_size",
                        "dlq_tasks_cleaned",
                        "dlq_tasks_remaining",
                        "dlq_cleanup_duration",
                        "dlq_cleanup_success",
                        "dlq_cleanup_failure");
        assertThat(worker.meters.get("dlq_cleanup_success").counter().count()).isPositive();
    }
}
