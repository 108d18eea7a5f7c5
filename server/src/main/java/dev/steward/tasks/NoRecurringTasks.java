package dev.steward.tasks;

import dev.steward.base.FieldFault;
import dev.steward.base.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A queue without the room that has schedules: nothing recurs, and who asks for it is told.
final class NoRecurringTasks implements RecurringTasks {

    @Override
    public List<FieldFault> faults(UserId owner, TaskSchedule schedule, Optional<Instant> runAt) {
        return List.of(new FieldFault("schedule", "not_supported", "this server has no schedules; use run_at"));
    }

    @Override
    public void open(NewTask first, TaskSchedule schedule) {
        throw new IllegalStateException("schedules were refused before");
    }

    @Override
    public Map<TaskId, Membership> of(UserId owner, Collection<TaskId> tasks) {
        return Map.of();
    }
}
