package dev.steward.tasks;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A dead letter on the wire.
///
/// @param id           the task's
/// @param fingerprint  equal for dead letters of one cause
/// @param cause        `retries_exhausted`, `not_retryable`, `poison` or `deadline`
/// @param attempts     attempts begun
/// @param replays      how often it was sent back before
/// @param deadSince    when it became one
/// @param originalTask the task itself
record DeadLetterView(
        UUID id,
        String fingerprint,
        String cause,
        int attempts,
        int replays,
        @Nullable Instant deadSince,
        TaskView.@Nullable ErrorView error,
        TaskView originalTask) {

    static DeadLetterView of(Task task, JsonMapper json) {
        return new DeadLetterView(
                task.id().value(),
                task.fingerprint().orElse(""),
                task.cause().orElse(""),
                task.attempts(),
                task.replays(),
                task.completedAt().orElse(null),
                TaskView.ErrorView.of(task.error()),
                TaskView.of(task, null, TaskLinks.NONE, null, json));
    }
}
