package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;

/// The right to run one attempt of a task. The table keeps until when; a statement that carries an old fence
/// changes nothing.
///
/// @param fence the attempt's number
record Lease(UserId owner, TaskId task, long fence) {

    Lease {
        requireNonNull(owner, "owner");
        requireNonNull(task, "task");
    }
}
