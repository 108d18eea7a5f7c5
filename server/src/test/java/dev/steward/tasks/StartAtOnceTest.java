package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionOperations;

/// Which accepted tasks may start without waiting, and which wait for the claim.
class StartAtOnceTest {

    private static final UserId OWNER = TestWorker.OWNER;
    private static final int ROOM_OF_SMALL = 2;
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final AtomicLong nowMillis = new AtomicLong(1_000_000);
    private final InMemoryTaskStore table = new InMemoryTaskStore(nowMillis::get);
    private final List<Runnable> attempts = new ArrayList<>();
    private final TaskHandlers handlers = new TaskHandlers();
    private final TaskEngine engine = engine("home");

    StartAtOnceTest() {
        handlers.add(new TestHandler("work", _ -> "null"));
        handlers.add(new TestHandler("small", ROOM_OF_SMALL, Duration.ofMinutes(1), _ -> "null"));
        handlers.add(new TestHandler("everywhere", _ -> "null")
                .limited(TaskLimits.none().everywhere(50)));
        handlers.add(
                new TestHandler("keyed", _ -> "null").limited(TaskLimits.none().perKey(50)));
        handlers.add(
                new TestHandler("rated", _ -> "null").limited(TaskLimits.none().perSecond(50, 50)));
    }

    private TaskEngine engine(String home) {
        TasksConfig config = TestWorker.config(LEASE, 1000, 1_000_000);
        return new TaskEngine(
                UUID.randomUUID(),
                home,
                handlers,
                table,
                new Transactions(TransactionOperations.withoutTransaction()),
                config,
                new FailurePolicy(config, new Random(1)),
                new TaskMetrics(new SimpleMeterRegistry()),
                Tracing.quiet(),
                WakeUps.NONE,
                _ -> {},
                () -> nowMillis.get() * 1_000_000,
                attempts::add);
    }

    /// A process that has looked at the table and found nothing that waits.
    private void ready() throws InterruptedException {
        engine.join();
        assertThat(engine.claimOnce()).isFalse();
    }

    private static NewTask task(String type, Priority priority, Optional<Instant> runAt, Optional<Instant> deadline) {
        return new NewTask(
                new TaskId(UUID.randomUUID()), OWNER, type, priority, "", "{}", runAt, deadline, 3, Optional.empty());
    }

    private static Acceptance plain(String type) {
        return Acceptance.of(task(type, Priority.MEDIUM, Optional.empty(), Optional.empty()));
    }

    private boolean starts(Acceptance acceptance) {
        return !engine.startable(List.of(acceptance), Function.identity()).isEmpty();
    }

    private TaskStatus statusOf(Acceptance acceptance) {
        return table.row(acceptance.task().id()).status;
    }

    private void runAll() throws InterruptedException {
        while (!attempts.isEmpty()) {
            attempts.removeFirst().run();
        }
        engine.settleOnce(Duration.ZERO);
    }

    @Test
    void whatFindsRoomAndOvertakesNothingRunsWithoutAClaim() throws InterruptedException {
        ready();
        Acceptance one = plain("work");
        assertThat(starts(one)).isTrue();
        assertThat(engine.begin(List.of(one))).isTrue();

        InMemoryTaskStore.Row row = table.row(one.task().id());
        assertThat(row.status).isEqualTo(TaskStatus.RUNNING);
        assertThat(row.attempts).isEqualTo(1);
        assertThat(row.leaseUntil).isEqualTo(nowMillis.get() + LEASE.toMillis());
        runAll();
        assertThat(row.status).isEqualTo(TaskStatus.COMPLETED);
        assertThat(engine.runningCount()).isZero();
    }

    @Test
    void aProcessThatOnlyAcceptsStartsNothing() {
        assertThat(starts(plain("work"))).isFalse();
    }

    @Test
    void aProcessThatStopsStartsNothing() throws InterruptedException {
        ready();
        Acceptance late = plain("work");
        assertThat(starts(late)).isTrue();
        engine.stopClaiming();

        assertThat(engine.begin(List.of(late))).isFalse();
        assertThat(table.rows).isEmpty();
        assertThat(starts(plain("work"))).isFalse();
    }

    @Test
    void whatIsPausedWaitsAndGoesFirstWhenItsTypeIsResumed() throws InterruptedException {
        ready();
        table.pausedTypes.add("work");
        engine.readPaused();
        assertThat(starts(plain("work"))).isFalse();
        table.pausedTypes.remove("work");
        engine.readPaused();

        assertThat(starts(plain("work"))).as("before what was held back").isFalse();
        assertThat(engine.claimOnce()).isFalse();
        assertThat(starts(plain("work"))).isTrue();
    }

    @Test
    void nothingStartsWhileAllIsPaused() throws InterruptedException {
        ready();
        table.pausedTypes.add(TaskStore.EVERY_TYPE);
        engine.readPaused();
        assertThat(starts(plain("work"))).isFalse();
    }

    @Test
    void whatProcessesMustAgreeAboutWaits() throws InterruptedException {
        ready();
        for (String type : List.of("everywhere", "keyed", "rated", "unheard of")) {
            assertThat(starts(plain(type))).as(type).isFalse();
        }
    }

    @Test
    void whatIsScheduledHasADeadlineOrIsUniqueWaits() throws InterruptedException {
        ready();
        Optional<Instant> time = Optional.of(Instant.ofEpochMilli(nowMillis.get() + 1000));
        assertThat(starts(Acceptance.of(task("work", Priority.MEDIUM, time, Optional.empty()))))
                .isFalse();
        assertThat(starts(Acceptance.of(task("work", Priority.MEDIUM, Optional.empty(), time))))
                .isFalse();
        assertThat(starts(new Acceptance(plain("work").task(), "{}", Optional.of("key"))))
                .isFalse();
    }

    @Test
    void noMoreStartThanThereIsRoomForAndTheMostUrgentFirst() throws InterruptedException {
        ready();
        List<Acceptance> batch = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.MEDIUM, Priority.CRITICAL, Priority.HIGH)) {
            batch.add(Acceptance.of(task("small", priority, Optional.empty(), Optional.empty())));
        }
        List<Acceptance> starting = engine.startable(batch, Function.identity());
        assertThat(starting)
                .extracting(a -> a.task().priority())
                .containsExactlyInAnyOrder(Priority.CRITICAL, Priority.HIGH);
        assertThat(engine.begin(starting)).isTrue();
        assertThat(starts(plain("small"))).isFalse();
        assertThat(starts(plain("work"))).isTrue();

        runAll();
        assertThat(starts(plain("small"))).isTrue();
    }

    @Test
    void whatComesLaterDoesNotOvertakeWhatWaits() throws InterruptedException {
        ready();
        List<Acceptance> many = IntStream.range(0, ROOM_OF_SMALL + 1)
                .mapToObj(_ -> plain("small"))
                .toList();
        table.accept(many);
        engine.heard("small");
        assertThat(starts(plain("small"))).as("word came of a waiting one").isFalse();
        engine.claimOnce();
        runAll();

        assertThat(starts(plain("small"))).as("the claim left one behind").isFalse();
        engine.claimOnce();
        assertThat(many).allSatisfy(a -> assertThat(statusOf(a)).isNotEqualTo(TaskStatus.PENDING));
        runAll();
        engine.claimOnce();
        assertThat(starts(plain("small"))).isTrue();
    }

    @Test
    void whatAFullProcessWasHandedGoesBeforeWhatComesLater() throws InterruptedException {
        ready();
        List<Acceptance> running = List.of(plain("small"), plain("small"));
        assertThat(engine.startable(running, Function.identity())).hasSize(ROOM_OF_SMALL);
        assertThat(engine.begin(running)).isTrue();
        Acceptance handed = plain("small");
        table.accept(List.of(handed));
        engine.listener().handed(List.of(ReadyTask.of(handed.task())));
        engine.claimHandedOnce(Duration.ZERO);
        runAll();

        assertThat(starts(plain("small"))).isFalse();
        engine.claimOnce();
        assertThat(statusOf(handed)).isEqualTo(TaskStatus.RUNNING);
    }

    @Test
    void anIdThatIsThereAlreadyIsNotStartedAgainAndItsPlaceIsFree() throws InterruptedException {
        ready();
        Acceptance one = plain("small");
        assertThat(starts(one)).isTrue();
        assertThat(engine.begin(List.of(one))).isTrue();
        assertThat(starts(one)).isTrue();
        assertThat(engine.begin(List.of(one))).isFalse();

        assertThat(attempts).hasSize(1);
        assertThat(starts(plain("small"))).as("the second place is free").isTrue();
        assertThat(starts(plain("small"))).isFalse();
    }

    @Test
    void whatAProcessStartedThatDiedBeforeItsFirstStepRunsElsewhere() throws InterruptedException {
        ready();
        Acceptance one = plain("work");
        assertThat(starts(one)).isTrue();
        assertThat(engine.begin(List.of(one))).isTrue();
        attempts.clear(); // The process is gone.
        TaskEngine other = engine("another home");
        other.join();
        assertThat(other.reapOnce()).isZero();
        nowMillis.addAndGet(LEASE.toMillis() + 1);

        assertThat(other.reapOnce()).isEqualTo(1);
        other.claimOnce();
        attempts.removeFirst().run();
        other.settleOnce(Duration.ZERO);
        assertThat(statusOf(one)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(table.row(one.task().id()).attempts).isEqualTo(2);
    }

    @Test
    void nothingMoreStartsWhileTooManyEndingsWaitToBeWritten() throws InterruptedException {
        ready();
        for (int i = 0; i < TaskEngine.UNWRITTEN_MAX; i++) {
            Acceptance one = plain("work");
            assertThat(starts(one)).isTrue();
            assertThat(engine.begin(List.of(one))).isTrue();
            attempts.removeFirst().run();
        }
        assertThat(starts(plain("work"))).isFalse();
        table.accept(List.of(plain("small")));
        engine.claimOnce();
        assertThat(attempts).isEmpty();

        engine.settleOnce(Duration.ZERO);
        assertThat(starts(plain("work"))).isTrue();
    }
}
