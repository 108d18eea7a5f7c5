package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One attempt in a task's history.
///
/// @param number  from 1
/// @param ended   empty while it runs
/// @param outcome `running`, or an [Outcome] on the wire
record AttemptRecord(
        int number,
        Optional<UUID> worker,
        Optional<Instant> started,
        Optional<Instant> ended,
        String outcome,
        Optional<Task.TaskError> error) {

    AttemptRecord {
        requireNonNull(outcome, "outcome");
    }
}
