package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// A task to be accepted.
///
/// @param id          chosen by the caller, so that accepting it twice is accepting it once
/// @param owner       whose task it is
/// @param type        names the [TaskHandler] that runs it
/// @param input       a JSON object, at most [#INPUT_BYTES_MAX] bytes in UTF-8
/// @param runAt       not before this instant; empty: as soon as a worker is free
/// @param deadline    given up when not finished by then; empty: never
/// @param maxRetries  attempts after the first, 0 to 100
/// @param correlation joins logs and traces of one request: its request id
public record NewTask(
        TaskId id,
        UserId owner,
        String type,
        Priority priority,
        String description,
        String input,
        Optional<Instant> runAt,
        Optional<Instant> deadline,
        int maxRetries,
        Optional<String> correlation) {

    public static final int INPUT_BYTES_MAX = 256 * 1024;

    public NewTask {
        requireNonNull(id, "id");
        requireNonNull(owner, "owner");
        requireNonNull(type, "type");
        requireNonNull(priority, "priority");
        requireNonNull(description, "description");
        requireNonNull(input, "input");
        requireNonNull(runAt, "runAt");
        requireNonNull(deadline, "deadline");
        requireNonNull(correlation, "correlation");
        if (maxRetries < 0 || maxRetries > 100) {
            throw new IllegalArgumentException("maxRetries must be 0 to 100, was " + maxRetries);
        }
    }
}
