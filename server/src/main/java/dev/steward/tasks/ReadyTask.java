package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;

/// A task that is committed and due: a worker with room may take it now.
record ReadyTask(UserId owner, TaskId id, String type, Priority priority) {

    ReadyTask {
        requireNonNull(owner, "owner");
        requireNonNull(id, "id");
        requireNonNull(type, "type");
        requireNonNull(priority, "priority");
    }

    static ReadyTask of(NewTask task) {
        return new ReadyTask(task.owner(), task.id(), task.type(), task.priority());
    }
}
