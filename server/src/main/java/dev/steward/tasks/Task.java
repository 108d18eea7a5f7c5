package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// A task as it was when read (TASK-1).
///
/// @param parent      the task that it is a part of
/// @param input       JSON object that it was accepted with
/// @param metadata    JSON object of the owner's own
/// @param result      JSON value; empty until it completed
/// @param progress    0 to 1, as its handler reported it
/// @param attempts    attempts begun
/// @param retryCount  attempts that failed since it was accepted or sent back
/// @param replays     how often it was sent back from the dead letters
/// @param completedAt when it ended, in whichever way
/// @param error       of the latest failure
/// @param cause       why it is a dead letter
/// @param fingerprint groups dead letters of one cause
public record Task(
        TaskId id,
        UserId owner,
        String type,
        TaskStatus status,
        Priority priority,
        String description,
        Instant created,
        Instant updated,
        Instant runAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        Optional<Instant> deadline,
        int attempts,
        int retryCount,
        int maxRetries,
        int crashRecoveries,
        int replays,
        boolean cancelRequested,
        double progress,
        Optional<TaskId> parent,
        Optional<String> correlation,
        Optional<String> uniqueKey,
        Optional<TaskError> error,
        Optional<String> cause,
        Optional<String> fingerprint,
        String input,
        String metadata,
        Optional<String> result) {

    public Task {
        requireNonNull(id, "id");
        requireNonNull(owner, "owner");
        requireNonNull(type, "type");
        requireNonNull(status, "status");
        requireNonNull(priority, "priority");
    }

    /// Why an attempt failed.
    ///
    /// @param code    an [dev.steward.base.ErrorCode] on the wire
    /// @param message for people
    public record TaskError(String code, String message) {}
}
