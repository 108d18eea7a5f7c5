package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.telemetry.TraceContext;
import java.util.Optional;

/// A task on its way into the table, with what only this room sets.
///
/// @param metadata  a JSON object of the owner's own
/// @param uniqueKey at most one waiting or running task of this owner and type has it
/// @param trace     what its caller was doing: its attempts belong to that trace
record Acceptance(NewTask task, String metadata, Optional<String> uniqueKey, Optional<TraceContext> trace) {

    Acceptance {
        requireNonNull(task, "task");
        requireNonNull(metadata, "metadata");
        requireNonNull(uniqueKey, "uniqueKey");
        requireNonNull(trace, "trace");
    }

    Acceptance(NewTask task, String metadata, Optional<String> uniqueKey) {
        this(task, metadata, uniqueKey, Optional.empty());
    }

    Acceptance within(Optional<TraceContext> caller) {
        return new Acceptance(task, metadata, uniqueKey, caller);
    }

    static Acceptance of(NewTask task) {
        return new Acceptance(task, "{}", Optional.empty());
    }
}
