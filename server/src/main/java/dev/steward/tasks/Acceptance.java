package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// A task on its way into the table, with what only this room sets.
///
/// @param metadata  a JSON object of the owner's own
/// @param uniqueKey at most one waiting or running task of this owner and type has it
record Acceptance(NewTask task, String metadata, Optional<String> uniqueKey) {

    Acceptance {
        requireNonNull(task, "task");
        requireNonNull(metadata, "metadata");
        requireNonNull(uniqueKey, "uniqueKey");
    }

    static Acceptance of(NewTask task) {
        return new Acceptance(task, "{}", Optional.empty());
    }
}
