package dev.steward.tasks;

import static dev.steward.tasks.TestWorker.OWNER;
import static dev.steward.tasks.TestWorker.newTask;
import static dev.steward.tasks.TestWorker.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks that follow others, on a real database.
class TaskGraphIT {

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private static final Duration LEASE = Duration.ofMinutes(1);

    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicBoolean broken = new AtomicBoolean();
    private final TestHandler gated = new TestHandler("gated", _ -> {
        gate.await();
        if (broken.get()) {
            throw new IllegalStateException("broken");
        }
        return "null";
    });
    private final TestHandler then = new TestHandler("then", _ -> "null");
    private final List<TestWorker> workers = new ArrayList<>();
    private final TestWorker worker = worker();

    private TestWorker worker() {
        var one = new TestWorker(postgres, "home-" + UUID.randomUUID(), quick(), gated, then);
        workers.add(one);
        return one;
    }

    @AfterEach
    void stopWorkers() {
        gate.countDown();
        workers.forEach(TestWorker::close);
        postgres.jdbc()
                .sql("truncate task, task_attempt, task_replay, task_edge, worker")
                .update();
    }

    private TaskId first() {
        NewTask task = newTask("gated", Priority.MEDIUM, 0);
        postgres.transactions().executeWithoutResult(_ -> worker.queue.accept(task));
        return task.id();
    }

    private TaskId follower(IfFailed ifFailed, TaskId... after) {
        NewTask task = newTask("then");
        worker.graph.accept(Acceptance.of(task), List.of(after), ifFailed);
        return task.id();
    }

    private void await(TaskId task, TaskStatus status) {
        Eventually.until(task + " is " + status, () -> worker.statusOf(task) == status);
    }

    private int waitingFor(TaskId task) {
        return worker.graph
                .linksOf(OWNER, List.of(task))
                .getOrDefault(task, TaskLinks.NONE)
                .waitingFor();
    }

    @Test
    void aFollowerRunsWhenTheLastThatItFollowsIsCompletedAndNotBefore() {
        worker.start();
        TaskId done = worker.accept("then");
        await(done, TaskStatus.COMPLETED);
        TaskId one = first();
        TaskId two = first();

        TaskId last = follower(IfFailed.WAIT, done, one, two);
        TaskId afterLast = follower(IfFailed.WAIT, last);

        assertThat(worker.statusOf(last)).isEqualTo(TaskStatus.PENDING);
        assertThat(waitingFor(last)).isEqualTo(2);
        gate.countDown();
        await(afterLast, TaskStatus.COMPLETED);
        assertThat(then.started()).containsExactly(done, last, afterLast);
        assertThat(waitingFor(last)).isZero();
        assertThat(worker.task(last).startedAt().orElseThrow())
                .isAfterOrEqualTo(worker.task(two).completedAt().orElseThrow());
    }

    @Test
    void aFollowerOfWhatIsCompletedAlreadyRunsAtOnce() {
        worker.start();
        TaskId done = worker.accept("then");
        await(done, TaskStatus.COMPLETED);

        await(follower(IfFailed.WAIT, done), TaskStatus.COMPLETED);
    }

    @Test
    void noFollowerIsForgottenWhenTwoPredecessorsEndAtOnceOnTwoNodes() throws Exception {
        TestWorker other = worker();
        for (int round = 0; round < 150; round++) {
            TaskId one = first();
            TaskId two = first();
            TaskId last = follower(IfFailed.WAIT, one, two);
            List<ClaimedTask> claimed = worker.store.claim(worker.id, Map.of("gated", 2), 2, LEASE);
            var together = new CyclicBarrier(2);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                ClaimedTask task = claimed.get(i);
                TestWorker node = i == 0 ? worker : other;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        together.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    node.store.complete(List.of(Ending.completed(task, "null")));
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(worker.store.claim(worker.id, Map.of("then", 1), 1, LEASE))
                    .as("round %d", round)
                    .extracting(t -> t.lease().task())
                    .containsExactly(last);
        }
    }

    @Test
    void aPredecessorThatEndsWhileItIsBeingFollowedIsSeen() throws Exception {
        for (int round = 0; round < 100; round++) {
            TaskId one = first();
            ClaimedTask claimed =
                    worker.store.claim(worker.id, Map.of("gated", 1), 1, LEASE).getFirst();
            Thread ending =
                    Thread.ofVirtual().start(() -> worker.store.complete(List.of(Ending.completed(claimed, "null"))));

            TaskId last = follower(IfFailed.WAIT, one);
            ending.join();

            assertThat(worker.store.claim(worker.id, Map.of("then", 1), 1, LEASE))
                    .as("round %d", round)
                    .extracting(t -> t.lease().task())
                    .containsExactly(last);
        }
    }

    @Test
    void aFollowerWaitsForADeadLetterAndRunsOnceThatIsMended() {
        broken.set(true);
        worker.start();
        TaskId one = first();
        TaskId last = follower(IfFailed.WAIT, one);
        gate.countDown();
        await(one, TaskStatus.DEAD_LETTER);

        assertThat(worker.statusOf(last)).isEqualTo(TaskStatus.PENDING);
        assertThat(waitingFor(last)).isEqualTo(1);

        broken.set(false);
        replay(one);
        await(last, TaskStatus.COMPLETED);
    }

    private void replay(TaskId task) {
        worker.engine.inOne(() -> worker.deadLetters.replay(new DeadLetterStore.Replay(
                Optional.of(OWNER),
                List.of(task),
                Optional.empty(),
                Optional.empty(),
                UUID.randomUUID(),
                "",
                10,
                0,
                Duration.ZERO,
                1)));
        worker.engine.hint(Duration.ZERO);
    }

    @Test
    void dismissingADeadLetterCancelsWhatWaitsForItAndWhatWaitsForThat() {
        broken.set(true);
        worker.start();
        TaskId one = first();
        TaskId last = follower(IfFailed.WAIT, one);
        TaskId afterLast = follower(IfFailed.WAIT, last);
        TaskId inAnyCase = follower(IfFailed.RUN, last);
        gate.countDown();
        await(one, TaskStatus.DEAD_LETTER);

        worker.engine.dismiss(() -> worker.deadLetters.dismiss(Optional.of(OWNER), List.of(one), Optional.empty()));

        assertThat(worker.statusOf(last)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(worker.task(last).error().orElseThrow().message()).contains("not completed");
        assertThat(worker.statusOf(afterLast)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(then.ended).extracting(EndedTask::id).containsExactlyInAnyOrder(last, afterLast);
        await(inAnyCase, TaskStatus.COMPLETED);
    }

    @Test
    void eachPolicyDoesWhatItSaysWhenAPredecessorDies() {
        broken.set(true);
        worker.start();
        TaskId one = first();
        TaskId waits = follower(IfFailed.WAIT, one);
        TaskId goes = follower(IfFailed.CANCEL, one);
        TaskId runs = follower(IfFailed.RUN, one);
        gate.countDown();

        await(runs, TaskStatus.COMPLETED);
        await(goes, TaskStatus.CANCELLED);
        assertThat(worker.statusOf(waits)).isEqualTo(TaskStatus.PENDING);
        assertThat(then.ended).extracting(EndedTask::id).containsExactly(goes);
    }

    @Test
    void cancellingATaskCancelsWhatFollowsIt() {
        TaskId one = first();
        TaskId last = follower(IfFailed.WAIT, one);
        TaskId afterLast = follower(IfFailed.WAIT, last);

        assertThat(worker.queue.cancel(OWNER, last)).isTrue();

        assertThat(worker.statusOf(one)).isEqualTo(TaskStatus.PENDING);
        assertThat(worker.statusOf(last)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(worker.statusOf(afterLast)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(openEdges()).isZero();
    }

    private static long openEdges() {
        return postgres.jdbc()
                .sql("select count(*) from task_edge where open")
                .query(Long.class)
                .single();
    }

    @Test
    void aFollowerWhoseDeadlinePassesIsADeadLetterAndWaitsAgainWhenSentBack() {
        TaskId one = first();
        NewTask late = newTask("then");
        Instant later = InstantSource.system().instant().plus(Duration.ofHours(1));
        worker.graph.accept(
                Acceptance.of(new NewTask(
                        late.id(),
                        OWNER,
                        "then",
                        Priority.MEDIUM,
                        "",
                        "{}",
                        Optional.empty(),
                        Optional.of(later),
                        0,
                        Optional.empty())),
                List.of(one),
                IfFailed.WAIT);
        postgres.jdbc()
                .sql("update task set deadline = now() where id = :id")
                .param("id", late.id().value())
                .update();
        worker.start();
        await(late.id(), TaskStatus.DEAD_LETTER);

        replay(late.id());

        assertThat(worker.statusOf(late.id())).isEqualTo(TaskStatus.PENDING);
        assertThat(waitingFor(late.id())).isEqualTo(1);
        gate.countDown();
        await(late.id(), TaskStatus.COMPLETED);
        assertThat(worker.task(late.id()).attempts()).isEqualTo(1);
    }

    /// Two workers find the same deadline missed; the slower one comes after the dead letter was sent back.
    @Test
    void aMissedDeadlineThatWasFoundBeforeTheTaskWasSentBackDoesNotEndItAgain() {
        TaskId one = first();
        TaskId late = follower(IfFailed.WAIT, one);
        postgres.jdbc()
                .sql("update task set deadline = now() where id = :id")
                .param("id", late.value())
                .update();
        ClaimedTask found = worker.store.pastDeadline(10).getFirst();
        Ending ending = Ending.dead(
                found, TaskStatus.PENDING, Outcome.DEADLINE, Cause.DEADLINE, ErrorCode.TASK_TIMEOUT, "missed");
        assertThat(worker.store.end(List.of(ending))).hasSize(1);
        replay(late);

        assertThat(worker.store.end(List.of(ending))).isEmpty();
        assertThat(worker.statusOf(late)).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void aDeadLetterThatIsCleanedUpLeavesNobodyWaiting() {
        broken.set(true);
        worker.start();
        TaskId one = first();
        TaskId last = follower(IfFailed.WAIT, one);
        gate.countDown();
        await(one, TaskStatus.DEAD_LETTER);
        postgres.jdbc()
                .sql("update task set completed_at = now() - interval '2 days' where status = 5")
                .update();

        worker.janitor.cleanDeadLetters();

        assertThat(worker.statusOf(last)).isEqualTo(TaskStatus.CANCELLED);
    }

    /// Followed for the first time, and followed before by one that is over.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeadLetterThatIsCleanedUpWhileItIsBeingFollowedLeavesNobodyWaiting(boolean before) throws Exception {
        broken.set(true);
        worker.start();
        TaskId one = first();
        if (before) {
            follower(IfFailed.CANCEL, one);
        }
        gate.countDown();
        await(one, TaskStatus.DEAD_LETTER);
        postgres.jdbc()
                .sql("update task set completed_at = now() - interval '2 days' where status = 5")
                .update();
        NewTask late = newTask("then");
        Thread cleaning = Thread.ofPlatform().unstarted(() -> worker.janitor.cleanDeadLetters());

        postgres.transactions().executeWithoutResult(_ -> {
            worker.graph.accept(Acceptance.of(late), List.of(one), IfFailed.WAIT);
            cleaning.start();
            Eventually.until("the cleanup is over or waits", () -> !cleaning.isAlive() || waitsForALock());
        });
        cleaning.join();
        worker.janitor.cleanDeadLetters();

        await(late.id(), TaskStatus.CANCELLED);
    }

    private static boolean waitsForALock() {
        return postgres.jdbc()
                .sql("select exists (select 1 from pg_locks where not granted)")
                .query(Boolean.class)
                .single();
    }

    @Test
    void whatCanNotBeFollowedIsRefusedAndNothingIsAccepted() {
        TaskId cancelled = first();
        worker.queue.cancel(OWNER, cancelled);
        TaskId stranger = new TaskId(UUID.randomUUID());
        postgres.jdbc()
                .sql(
                        "insert into task (owner, id, type, priority, max_retries, input) values (:o, :i, 'then', 1, 0, '{}')")
                .param("o", new UserId(UUID.randomUUID()).value())
                .param("i", stranger.value())
                .update();

        assertThatThrownBy(() -> follower(IfFailed.WAIT, cancelled, stranger, new TaskId(UUID.randomUUID())))
                .isInstanceOfSatisfying(
                        StewardException.class,
                        e -> assertThat(e.faults())
                                .extracting(FieldFault::field, FieldFault::rule)
                                .containsExactly(
                                        org.assertj.core.groups.Tuple.tuple("after[0]", "not_completed"),
                                        org.assertj.core.groups.Tuple.tuple("after[1]", "not_found"),
                                        org.assertj.core.groups.Tuple.tuple("after[2]", "not_found")));
        assertThat(then.attempts).isEmpty();
        assertThat(worker.store.sizes().waiting()).isEqualTo(1);
        assertThat(worker.statusOf(follower(IfFailed.RUN, cancelled))).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void endingATaskThatNobodyFollowsAsksNothingOfTheGraph() {
        TaskId one = first();
        ClaimedTask claimed =
                worker.store.claim(worker.id, Map.of("gated", 1), 1, LEASE).getFirst();
        postgres.transactions().executeWithoutResult(_ -> {
            worker.store.lockGraph(OWNER);

            // Would wait for the lock for ever if it took it.
            assertThat(worker.store
                            .complete(List.of(Ending.completed(claimed, "null")))
                            .counted())
                    .isEqualTo(1);
        });
        assertThat(worker.statusOf(one)).isEqualTo(TaskStatus.COMPLETED);
    }
}
