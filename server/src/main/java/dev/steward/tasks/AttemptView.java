package dev.steward.tasks;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An attempt on the wire.
///
/// @param start   empty when the task ended before it ran
/// @param end     empty while it runs
/// @param outcome `running`, `completed`, `failed`, `timed_out`, `lost`, `released`, `cancelled` or
///                `deadline`
record AttemptView(
        int number,
        @Nullable UUID worker,
        @Nullable Instant start,
        @Nullable Instant end,
        String outcome,
        TaskView.@Nullable ErrorView error) {

    static AttemptView of(AttemptRecord attempt) {
        return new AttemptView(
                attempt.number(),
                attempt.worker().orElse(null),
                attempt.started().orElse(null),
                attempt.ended().orElse(null),
                attempt.outcome(),
                TaskView.ErrorView.of(attempt.error()));
    }
}
