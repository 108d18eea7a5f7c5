package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.IdSource;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.Task;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import dev.steward.tasks.TestWorker;
import dev.steward.testing.PostgresFixture;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The driver against a real database, whose time the test sets.
class ScheduleDriverIT {

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private static final Instant START = Instant.parse("2027-03-27T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final IdSource ids = new IdSource(InstantSource.system(), new SecureRandom());
    private final UserId owner = new UserId(ids.next());
    private final ScheduleStore store = new ScheduleStore(postgres.jdbc());
    private final TestWorker worker = TestWorker.prepared(postgres, "schedules");
    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @BeforeEach
    void anAccount() {
        postgres.jdbc().sql("truncate account, schedule, task cascade").update();
        postgres.jdbc().sql("""
                        insert into account (id, email, display_name, password, role)
                        values (:id, 'a@example.test', 'A', '', 'user')
                        """).param("id", owner.value()).update();
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    @Test
    void everyOccurrenceOfADailyScheduleFiresOnceThroughAChangeOfTheClocks() {
        UUID id = schedule("FREQ=DAILY", "2027-03-26T02:30", Missed.RUN_ONCE);
        var driver = driver(worker.queue());

        for (int minutes = 0; minutes <= 3 * 24 * 60; minutes += 10) {
            now.set(START.plus(Duration.ofMinutes(minutes)));
            driver.drive();
        }

        assertThat(occurrences(id))
                .containsExactly(
                        Instant.parse("2027-03-28T01:00:00Z"),
                        Instant.parse("2027-03-29T00:30:00Z"),
                        Instant.parse("2027-03-30T00:30:00Z"));
        assertThat(tasks()).isEqualTo(3);
    }

    @Test
    void twoNodesDrivingAtOnceLoseAndDoubleNothing() throws InterruptedException {
        for (int i = 0; i < 250; i++) {
            schedule("FREQ=MINUTELY;INTERVAL=" + (1 + i % 3), "2027-03-27T00:00", Missed.RUN_ALL);
        }
        for (int minute = 1; minute <= 6; minute++) {
            now.set(START.plus(Duration.ofMinutes(minute)));
            var one = Thread.ofVirtual().start(() -> driver(worker.queue()).drive());
            var two = Thread.ofVirtual().start(() -> driver(worker.queue()).drive());
            one.join();
            two.join();
        }

        // Each minute 84 every minute; every second one 83; every third one 83.
        long expected = 84 * 6 + 83 * 3 + 83 * 2;
        assertThat(count("schedule_run")).isEqualTo(expected);
        assertThat(tasks()).isEqualTo(expected);
        assertThat(postgres.jdbc()
                        .sql(
                                "select count(distinct (schedule, occurrence)) from schedule_run r join task t on t.id = r.task")
                        .query(Long.class)
                        .single())
                .isEqualTo(expected);
    }

    @Test
    void aProcessThatDiesBetweenTaskAndAdvanceLosesAndDoublesNothing() {
        UUID id = schedule("FREQ=MINUTELY", "2027-03-27T00:00", Missed.RUN_ALL);
        var random = new Random(7);
        int deaths = 0;

        for (int minute = 1; minute <= 60; minute++) {
            now.set(START.plus(Duration.ofMinutes(minute)));
            TaskQueue queue = random.nextInt(3) == 0 ? new DyingQueue(worker.queue()) : worker.queue();
            if (queue instanceof DyingQueue) {
                deaths++;
                assertThatThrownBy(() -> driver(queue).drive()).isInstanceOf(Death.class);
                driver(worker.queue()).drive();
            } else {
                driver(queue).drive();
            }
        }

        assertThat(deaths).isPositive();
        assertThat(occurrences(id)).hasSize(60).doesNotHaveDuplicates();
        assertThat(tasks()).isEqualTo(60);
    }

    @Test
    void aClockThatJumpsAnHourForthAndBackNeitherLosesNorDoublesARun() {
        UUID id = schedule("FREQ=MINUTELY;INTERVAL=10", "2027-03-27T00:00", Missed.RUN_ALL);
        var driver = driver(worker.queue());

        for (int minute = 1; minute <= 240; minute++) {
            Duration jump = minute == 60 ? Duration.ofHours(1) : minute == 120 ? Duration.ofHours(-1) : Duration.ZERO;
            now.set(START.plus(Duration.ofMinutes(minute)).plus(jump));
            driver.drive();
        }

        List<Instant> fired = occurrences(id);
        assertThat(fired).hasSize(24).doesNotHaveDuplicates();
        assertThat(fired.getFirst()).isEqualTo(START.plus(Duration.ofMinutes(10)));
        assertThat(fired.getLast()).isEqualTo(START.plus(Duration.ofHours(4)));
        assertThat(tasks()).isEqualTo(24);
    }

    @Test
    void missedTicksAreDealtWithAsTheScheduleSays() {
        UUID skip = schedule("FREQ=HOURLY", "2027-03-27T00:00", Missed.SKIP);
        UUID once = schedule("FREQ=HOURLY", "2027-03-27T00:00", Missed.RUN_ONCE);
        UUID all = schedule("FREQ=HOURLY", "2027-03-27T00:00", Missed.RUN_ALL);
        now.set(START.plus(Duration.ofMinutes(5 * 60 + 30)));

        driver(worker.queue()).drive();

        assertThat(occurrences(skip)).isEmpty();
        assertThat(occurrences(once)).containsExactly(START.plus(Duration.ofHours(5)));
        assertThat(occurrences(all)).hasSize(5);
        assertThat(store.find(owner, skip).orElseThrow().missedCount()).isEqualTo(5);
        assertThat(store.find(owner, once).orElseThrow().nextAt()).contains(START.plus(Duration.ofHours(6)));
    }

    @Test
    void aScheduleThatCannotBeReckonedIsPausedAndHoldsUpNoOther() {
        UUID broken = schedule("FREQ=HOURLY", "2027-03-27T00:00", Missed.RUN_ONCE);
        UUID sound = schedule("FREQ=HOURLY", "2027-03-27T00:00", Missed.RUN_ONCE);
        postgres.jdbc()
                .sql("update schedule set expression = 'FREQ=NEVER' where id = :id")
                .param("id", broken)
                .update();
        now.set(START.plus(Duration.ofHours(1)));

        driver(worker.queue()).drive();

        assertThat(occurrences(sound)).hasSize(1);
        assertThat(store.find(owner, broken).orElseThrow().paused()).isTrue();
        assertThat(store.find(owner, broken).orElseThrow().problem()).isPresent();
    }

    private ScheduleDriver driver(TaskQueue queue) {
        return new ScheduleDriver(
                store,
                queue,
                () -> new TaskId(ids.next()),
                new Transactions(postgres.transactions()),
                Duration.ofMinutes(1),
                now::get);
    }

    private UUID schedule(String rule, String starts, Missed missed) {
        UUID id = ids.next();
        Timing timing = Timing.rrule(rule, LocalDateTime.parse(starts), BERLIN);
        store.insert(
                new Schedule(
                        id,
                        owner,
                        new Schedule.Work("reminder", Priority.MEDIUM, "", "{\"text\": \"x\"}", 3),
                        timing,
                        new Schedule.Rules(missed, 100, Duration.ofMinutes(15)),
                        false,
                        Optional.empty(),
                        new Occurrences(timing).next(START).map(Occurrence::at),
                        0,
                        START,
                        START),
                Optional.empty());
        return id;
    }

    private List<Instant> occurrences(UUID schedule) {
        return store.runs(schedule, false, Optional.empty(), 1000).stream()
                .map(ScheduleStore.Run::occurrence)
                .toList();
    }

    private long tasks() {
        return count("task");
    }

    private static long count(String table) {
        return postgres.jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Takes the task, and dies before the schedule moves on.
    private record DyingQueue(TaskQueue queue) implements TaskQueue {

        @Override
        public void accept(NewTask task) {
            queue.accept(task);
            throw new Death();
        }

        @Override
        public boolean cancel(UserId owner, TaskId task) {
            return queue.cancel(owner, task);
        }

        @Override
        public void hurry(Collection<TaskId> tasks) {
            queue.hurry(tasks);
        }

        @Override
        public Optional<TaskStatus> status(UserId owner, TaskId task) {
            return queue.status(owner, task);
        }

        @Override
        public Optional<Task> find(UserId owner, TaskId task) {
            return queue.find(owner, task);
        }
    }
}
