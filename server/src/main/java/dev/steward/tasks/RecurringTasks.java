package dev.steward.tasks;

import dev.steward.base.FieldFault;
import dev.steward.base.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What makes a task recur. Declared here for `POST /tasks`, done by the room above that has schedules.
public interface RecurringTasks {

    /// What is wrong with a schedule; field names begin with `schedule`.
    ///
    /// @param runAt nothing runs before; empty: no such bound
    List<FieldFault> faults(UserId owner, TaskSchedule schedule, Optional<Instant> runAt);

    /// Makes the schedule, with the first task's id, and accepts its first run as that task: both or none. The
    /// same id again changes nothing.
    ///
    /// @param first what every run does; its time is the earliest
    void open(NewTask first, TaskSchedule schedule);

    /// Which of these tasks are runs of a schedule.
    Map<TaskId, Membership> of(UserId owner, Collection<TaskId> tasks);

    /// The schedule that a task is a run of.
    record Membership(
            UUID id, @Nullable String cron, @Nullable String rrule, String timeZone) {}
}
