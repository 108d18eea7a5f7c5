package dev.steward.tasks;

import static dev.steward.tasks.TestWorker.OWNER;
import static dev.steward.tasks.TestWorker.newTask;
import static dev.steward.tasks.TestWorker.quick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.UserId;
import dev.steward.components.ComponentStatus;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What happens to tasks whose worker, connection or owner goes away in the middle.
class TaskCrashIT {

    private static final Duration SHORT_LEASE = Duration.ofSeconds(1);

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private final List<TestWorker> workers = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stopWorkers() {
        release.countDown();
        workers.forEach(TestWorker::close);
        postgres.jdbc().sql("truncate task, task_attempt, task_replay, worker").update();
    }

    private TestWorker worker(String home, TasksConfig config, TaskHandler... handlers) {
        TestWorker worker = TestWorker.started(postgres, home, config, handlers);
        workers.add(worker);
        return worker;
    }

    private static TasksConfig shortLease() {
        return TestWorker.config(SHORT_LEASE, 100, 1_000_000);
    }

    private static void awaitStatus(TestWorker worker, TaskId task, TaskStatus status) {
        Eventually.until(task + " is " + status, () -> worker.statusOf(task) == status);
    }

    private TestHandler blocked() {
        return new TestHandler("work", a -> {
            release.await();
            return "\"first\"";
        });
    }

    @Test
    void theNextStartOnTheSameHomeTakesOverAtOnce() {
        TestWorker first = worker("home", quick(), blocked());
        TaskId task = first.accept("work");
        awaitStatus(first, task, TaskStatus.RUNNING);
        first.kill();

        TestWorker second = worker("home", quick(), new TestHandler("work", a -> "\"second\""));

        awaitStatus(second, task, TaskStatus.COMPLETED);
        assertThat(second.outcomes(task)).containsExactly("lost", "completed");
        assertThat(second.task(task).retryCount()).isZero();
    }

    @Test
    void aWorkerOfAnotherHomeTakesOverWhenTheLeaseIsOver() {
        TestWorker first = worker("one", shortLease(), blocked());
        TaskId task = first.accept("work");
        awaitStatus(first, task, TaskStatus.RUNNING);
        TestWorker second = worker("two", shortLease(), new TestHandler("work", a -> "\"second\""));

        first.kill();

        awaitStatus(second, task, TaskStatus.COMPLETED);
        assertThat(second.outcomes(task)).containsExactly("lost", "completed");
    }

    @Test
    void aLivingWorkerKeepsItsLeaseForLongerThanTheLease() {
        var starts = new AtomicInteger();
        var handler = new TestHandler("work", a -> {
            starts.incrementAndGet();
            release.await();
            return "null";
        });
        TestWorker first = worker("one", shortLease(), handler);
        worker("two", shortLease(), handler);
        TaskId task = first.accept("work");
        awaitStatus(first, task, TaskStatus.RUNNING);
        String lease = lease(task);

        Eventually.until("the lease was prolonged", () -> !lease(task).equals(lease));
        Eventually.until(
                "a whole lease has passed",
                () -> postgres.jdbc()
                        .sql("select started_at < clock_timestamp() - interval '2500 ms' from task where id = :id")
                        .param("id", task.value())
                        .query(Boolean.class)
                        .single());
        release.countDown();

        awaitStatus(first, task, TaskStatus.COMPLETED);
        assertThat(starts).hasValue(1);
    }

    private static String lease(TaskId task) {
        return postgres.jdbc()
                .sql("select lease_until::text from task where id = :id")
                .param("id", task.value())
                .query(String.class)
                .single();
    }

    @Test
    void aZombiesResultChangesNothing() {
        TestWorker zombie = worker("one", quick(), blocked());
        TaskId task = zombie.accept("work");
        awaitStatus(zombie, task, TaskStatus.RUNNING);
        zombie.engine.stopClaiming();
        expireLeases();
        var running = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        TestWorker second = worker("two", quick(), new TestHandler("work", a -> {
            running.countDown();
            finish.await();
            return "\"second\"";
        }));
        Eventually.until("the second one has it", () -> running.getCount() == 0);

        release.countDown();
        Eventually.until("the zombie has written", () -> zombie.engine.runningCount() == 0);
        assertThat(second.task(task).status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(second.task(task).result()).isEmpty();
        finish.countDown();

        awaitStatus(second, task, TaskStatus.COMPLETED);
        assertThat(second.task(task).result()).contains("\"second\"");
        assertThat(second.task(task).attempts()).isEqualTo(2);
    }

    @Test
    void aWorkerThatLostItsLeaseIsToldSo() {
        var interrupted = new AtomicBoolean();
        var handler = new TestHandler("work", a -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.set(!a.cancelled());
                throw e;
            }
            return "null";
        });
        TestWorker worker = worker("one", shortLease(), handler);
        TaskId task = worker.accept("work");
        awaitStatus(worker, task, TaskStatus.RUNNING);

        postgres.jdbc().sql("update task set attempts = attempts + 1").update();

        Eventually.until("the attempt is interrupted", interrupted::get);
    }

    @Test
    void aTaskThatTakesItsWorkerDownThreeTimesBecomesADeadLetter() {
        TestHandler last = blocked();
        NewTask accepted = newTask("work");
        TaskId task = accepted.id();
        for (int crash = 0; crash < 3; crash++) {
            TestWorker doomed = worker("home", quick(), blocked());
            doomed.accept(accepted);
            int attempt = crash + 1;
            Eventually.until("it runs again", () -> doomed.task(task).attempts() == attempt);
            doomed.kill();
        }

        TestWorker survivor = worker("home", quick(), last);

        awaitStatus(survivor, task, TaskStatus.DEAD_LETTER);
        assertThat(survivor.task(task).cause()).contains("poison");
        assertThat(survivor.outcomes(task)).containsExactly("lost", "lost", "lost");
        assertThat(last.attempts).isEmpty();
        assertThat(last.ended).hasSize(1);
    }

    @Test
    void progressBetweenCrashesShowsThatATaskIsNoPoison() {
        NewTask accepted = newTask("work");
        TaskId task = accepted.id();
        for (int crash = 0; crash < 5; crash++) {
            double progress = 0.1 * (crash + 1);
            TestWorker doomed = worker("home", quick(), new TestHandler("work", a -> {
                a.progress(progress);
                release.await();
                return "null";
            }));
            doomed.accept(accepted);
            Eventually.until("progress is kept", () -> doomed.task(task).progress() > progress - 0.01);
            doomed.kill();
        }

        TestWorker survivor = worker("home", quick(), new TestHandler("work", a -> "null"));

        awaitStatus(survivor, task, TaskStatus.COMPLETED);
    }

    @Test
    void aStoppedServerGivesItsTasksBackAndTheyAreNotCountedAsFailed() {
        var interrupted = new AtomicBoolean();
        var handler = new TestHandler("work", a -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return "null";
        });
        var config = new TasksConfig(
                10,
                100,
                Duration.ofSeconds(60),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofMillis(20),
                3,
                Duration.ofDays(1),
                false,
                TasksConfig.DEFAULTS.retry(),
                TasksConfig.DEFAULTS.deadLetters());
        TestWorker first = worker("home", config, handler);
        TaskId task = first.accept("work");
        awaitStatus(first, task, TaskStatus.RUNNING);

        first.stop();

        assertThat(interrupted).isTrue();
        assertThat(first.statusOf(task)).isEqualTo(TaskStatus.PENDING);
        assertThat(first.task(task).retryCount()).isZero();
        assertThat(first.task(task).crashRecoveries()).isZero();
        TestWorker other = worker("another home", quick(), new TestHandler("work", a -> "null"));
        awaitStatus(other, task, TaskStatus.COMPLETED);
        assertThat(other.outcomes(task)).containsExactly("released", "completed");
    }

    @Test
    void aStoppingServerLetsRunningTasksFinishAndStartsNoOthers() {
        var finish = new CountDownLatch(1);
        var handler = new TestHandler("work", 1, Duration.ofMinutes(1), a -> {
            finish.await();
            return "null";
        });
        TestWorker worker = worker("home", quick(), handler);
        TaskId running = worker.accept("work");
        awaitStatus(worker, running, TaskStatus.RUNNING);
        TaskId waiting = worker.accept("work");

        Thread stop = Thread.ofPlatform().start(worker::stop);
        Eventually.until("it waits for the task", () -> stop.getState() == Thread.State.TIMED_WAITING);
        finish.countDown();
        Eventually.until("it has stopped", () -> !stop.isAlive());

        assertThat(worker.statusOf(running)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(worker.statusOf(waiting)).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void aCancelledWaitingTaskNeverRuns() {
        TestHandler handler = blocked();
        TestWorker worker = worker("home", quick(), handler);
        NewTask other = newTask("unknown-type");
        worker.accept(other);

        assertThat(worker.queue.cancel(OWNER, other.id())).isTrue();
        assertThat(worker.queue.cancel(OWNER, other.id())).isFalse();

        assertThat(worker.statusOf(other.id())).isEqualTo(TaskStatus.CANCELLED);
        assertThat(worker.task(other.id()).error().orElseThrow().code()).isEqualTo("task_cancelled");
    }

    @Test
    void aCancelledRunningTaskIsInterruptedAndKnowsWhy() {
        var knew = new AtomicBoolean();
        var handler = new TestHandler("work", a -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                knew.set(a.cancelled());
                throw e;
            }
            return "null";
        });
        TestWorker worker = worker("home", quick(), handler);
        TaskId task = worker.accept("work");
        awaitStatus(worker, task, TaskStatus.RUNNING);

        assertThat(worker.queue.cancel(OWNER, task)).isTrue();

        awaitStatus(worker, task, TaskStatus.CANCELLED);
        assertThat(knew).isTrue();
        assertThat(worker.outcomes(task)).containsExactly("cancelled");
        Eventually.until("the handler hears of it", () -> handler.ended.size() == 1);
    }

    @Test
    void aTaskThatRunsElsewhereIsCancelledWithTheNextHeartbeat() {
        TestWorker runner = worker("one", shortLease(), blocked());
        TestWorker other = worker("two", shortLease());
        TaskId task = runner.accept("work");
        awaitStatus(runner, task, TaskStatus.RUNNING);

        assertThat(other.queue.cancel(OWNER, task)).isTrue();

        awaitStatus(runner, task, TaskStatus.CANCELLED);
    }

    @Test
    void aTaskCancelledWhileItsWorkerDiesIsNotRunAgain() {
        TestWorker first = worker("home", quick(), blocked());
        TaskId task = first.accept("work");
        awaitStatus(first, task, TaskStatus.RUNNING);
        first.kill();
        TestHandler handler = blocked();
        var second = new TestWorker(postgres, "home", quick(), handler);
        workers.add(second);
        assertThat(second.queue.cancel(OWNER, task)).isTrue();

        second.start();

        awaitStatus(second, task, TaskStatus.CANCELLED);
        assertThat(handler.attempts).isEmpty();
    }

    @Test
    void aFailureOfACancelledAttemptDoesNotBringTheTaskBack() {
        TestWorker worker = worker("home", quick());
        NewTask task = newTask("work");
        worker.accept(task);
        ClaimedTask claimed = worker.store
                .claim(worker.id, java.util.Map.of("work", 1), 1, Duration.ofSeconds(60))
                .getFirst();
        worker.queue.cancel(OWNER, task.id());

        assertThat(worker.store.end(List.of(Ending.retry(
                        claimed, Outcome.FAILED, Duration.ZERO, dev.steward.base.ErrorCode.NETWORK_ERROR, "failed"))))
                .isEmpty();
        assertThat(worker.store.end(List.of(Ending.cancelled(claimed)))).hasSize(1);
        assertThat(worker.statusOf(task.id())).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void nobodyCancelsWhatIsNotTheirs() {
        TestWorker worker = worker("home", quick());
        TaskId task = worker.accept("unknown-type");

        assertThat(worker.queue.cancel(new UserId(UUID.randomUUID()), task)).isFalse();
        assertThat(worker.statusOf(task)).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void everyConnectionKilledAgainAndAgainLosesNoTaskAndNeedsNoRestart() {
        var effects = new java.util.concurrent.ConcurrentHashMap<TaskId, AtomicInteger>();
        TestWorker worker = worker("home", shortLease(), new TestHandler("work", a -> {
            effects.computeIfAbsent(a.task(), _ -> new AtomicInteger()).incrementAndGet();
            return "null";
        }));
        List<TaskId> accepted = java.util.Collections.synchronizedList(new ArrayList<>());
        var producing = new AtomicBoolean(true);
        Thread producer = Thread.ofPlatform().start(() -> {
            while (producing.get()) {
                try {
                    accepted.add(worker.accept("work"));
                } catch (RuntimeException e) {
                    // Not acknowledged, so not promised.
                }
            }
        });

        for (int kill = 0; kill < 15; kill++) {
            int before = accepted.size();
            Eventually.until("work goes on", () -> accepted.size() > before + 50);
            terminateConnections();
        }
        producing.set(false);
        Eventually.until("the producer has ended", () -> !producer.isAlive());

        Eventually.until("all are done", () -> unfinished() == 0);
        assertThat(count("select count(*) from task where status = 2")).isGreaterThanOrEqualTo(accepted.size());
        assertThat(accepted).allSatisfy(t -> assertThat(effects).containsKey(t));
        Eventually.until("it says so", () -> worker.status().state() == ComponentStatus.State.UP);
    }

    private static void terminateConnections() {
        JdbcClient.create(postgres.singles()).sql("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()
                        and backend_type = 'client backend'
                        """).query(Long.class).single();
    }

    private static long unfinished() {
        return count("select count(*) from task where status in (0, 1)");
    }

    private static long count(String sql) {
        return JdbcClient.create(postgres.singles()).sql(sql).query(Long.class).single();
    }

    private static void expireLeases() {
        postgres.jdbc()
                .sql("update task set lease_until = now() - interval '1 second' where status = 1")
                .update();
    }
}
