package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.UserId;

/// A task that ended without a result.
///
/// @param input   the JSON object that it was accepted with
/// @param status  `CANCELLED` or `DEAD_LETTER`
/// @param code    why, for programs
/// @param message why, for people
public record EndedTask(
        TaskId id, UserId owner, String type, String input, TaskStatus status, ErrorCode code, String message) {

    public EndedTask {
        requireNonNull(id, "id");
        requireNonNull(owner, "owner");
        requireNonNull(type, "type");
        requireNonNull(input, "input");
        requireNonNull(status, "status");
        requireNonNull(code, "code");
        requireNonNull(message, "message");
    }
}
