package dev.steward.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A batch on the wire.
///
/// @param status      `running` while one of its tasks waits or runs, then `completed` when all of them were completed,
///                    else `incomplete`
/// @param size        tasks in it, without the final one
/// @param counts      how many of them stand where; those that were removed after their time are in none
/// @param progress    0 to 1: what has ended, and what those that run have reported
/// @param completedAt when the last of them ended
/// @param finalTask   the id of the task that follows all of them
/// @param cancelled   whether somebody took all of it back
record BatchView(
        UUID id,
        String description,
        Instant created,
        @Nullable Instant completedAt,
        String status,
        int size,
        Counts counts,
        double progress,
        @JsonProperty("final") @Nullable UUID finalTask,
        boolean cancelled) {

    record Counts(long pending, long running, long completed, long failed, long cancelled, long deadLetter) {}

    static String status(Counts counts) {
        if (counts.pending() + counts.running() > 0) {
            return "running";
        }
        return counts.failed() + counts.cancelled() + counts.deadLetter() == 0 ? "completed" : "incomplete";
    }
}
