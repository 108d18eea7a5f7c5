package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.telemetry.TraceContext;
import java.util.Optional;

/// A task on its way into the table, with what only this room sets.
///
/// @param metadata  a JSON object of the owner's own
/// @param uniqueKey at most one waiting or running task of this owner and type has it
/// @param trace     what its caller was doing: its attempts belong to that trace
/// @param level     its rank among those that wait ([Level])
/// @param limitKey  what the limit per key of its type counts it by
record Acceptance(
        NewTask task,
        String metadata,
        Optional<String> uniqueKey,
        Optional<TraceContext> trace,
        int level,
        Optional<String> limitKey) {

    Acceptance {
        requireNonNull(task, "task");
        requireNonNull(metadata, "metadata");
        requireNonNull(uniqueKey, "uniqueKey");
        requireNonNull(trace, "trace");
        requireNonNull(limitKey, "limitKey");
        if (level < 0 || level > Level.TOP) {
            throw new IllegalArgumentException("level must be 0 to " + Level.TOP + ", was " + level);
        }
    }

    Acceptance(NewTask task, String metadata, Optional<String> uniqueKey) {
        this(task, metadata, uniqueKey, Optional.empty(), Level.of(task.priority(), 0), Optional.empty());
    }

    Acceptance within(Optional<TraceContext> caller) {
        return new Acceptance(task, metadata, uniqueKey, caller, level, limitKey);
    }

    Acceptance ranked(int rank, Optional<String> key) {
        return new Acceptance(task, metadata, uniqueKey, trace, rank, key);
    }

    static Acceptance of(NewTask task) {
        return new Acceptance(task, "{}", Optional.empty());
    }
}
