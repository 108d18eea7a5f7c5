package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.database.Transactions;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes tasks of what is due. One transaction holds the schedules' rows, writes their runs and tasks, and
/// moves them on: a kill at any point leaves either all of it or nothing, and other nodes pass over rows that
/// are held.
///
/// Safe for use by many threads, and by many processes on one database.
final class ScheduleDriver {

    /// Schedules in one transaction: enough to spread the commit's cost, few enough to be done in a blink.
    static final int BATCH_MAX = 100;

    private static final Logger log = LoggerFactory.getLogger(ScheduleDriver.class);

    private final ScheduleStore store;
    private final TaskQueue tasks;
    private final Supplier<TaskId> ids;
    private final Transactions transactions;
    private final Duration grace;
    private final Supplier<Instant> now;

    /// @param now the database's time
    ScheduleDriver(
            ScheduleStore store,
            TaskQueue tasks,
            Supplier<TaskId> ids,
            Transactions transactions,
            Duration grace,
            Supplier<Instant> now) {
        this.store = requireNonNull(store, "store");
        this.tasks = requireNonNull(tasks, "tasks");
        this.ids = requireNonNull(ids, "ids");
        this.transactions = requireNonNull(transactions, "transactions");
        this.grace = requireNonNull(grace, "grace");
        this.now = requireNonNull(now, "now");
    }

    /// Deals with everything that is due.
    ///
    /// @return how many schedules it moved on
    int drive() {
        int moved = 0;
        while (true) {
            int batch = batch();
            moved += batch;
            if (batch < BATCH_MAX) {
                return moved;
            }
        }
    }

    /// How long until the next schedule is due, at most `longest`.
    Duration idle(Duration longest) {
        Optional<Instant> soonest = store.soonest();
        if (soonest.isEmpty()) {
            return longest;
        }
        Duration left = Duration.between(now.get(), soonest.get());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(longest) < 0 ? left : longest;
    }

    private int batch() {
        return transactions.inOne(() -> {
            Instant at = now.get();
            List<Schedule> due = store.lockDue(at, BATCH_MAX);
            due.forEach(schedule -> fire(schedule, at));
            return due.size();
        });
    }

    private void fire(Schedule schedule, Instant at) {
        DuePlan plan;
        try {
            plan = DuePlan.of(
                    new Occurrences(schedule.timing()),
                    schedule.rules(),
                    schedule.nextAt().orElseThrow(),
                    at,
                    grace);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            // It was checked when it was made: a library or the zones' rules have changed since.
            store.pauseFor(schedule.id(), "Its times can't be reckoned any more. Change them, then resume it.");
            log.atError()
                    .setCause(e)
                    .addKeyValue("schedule_id", schedule.id())
                    .log("a schedule can't be reckoned and was paused; its owner has to change it");
            return;
        }
        for (Instant occurrence : plan.run()) {
            TaskId id = ids.get();
            if (store.take(schedule, occurrence, id.value())) {
                tasks.accept(Schedules.task(schedule, id, occurrence, Optional.empty()));
            }
        }
        store.advance(schedule.id(), plan.next(), plan.missed());
        if (plan.missed() > 0) {
            log.atWarn()
                    .addKeyValue("schedule_id", schedule.id())
                    .addKeyValue("missed", plan.missed())
                    .log("runs were missed and are left out, as their schedule says");
        }
    }
}
