package dev.steward.tasks;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A dead letter on the wire.
///
/// @param id           the task's
/// @param fingerprint  equal for dead letters of one cause
/// @param cause        `retries_exhausted`, `not_retryable`, `poison`, `deadline` or `unknown_outcome`
/// @param attempts     attempts begun
/// @param replays      how often it was sent back before
/// @param deadSince    when it became one
/// @param batch        what its task was accepted with
/// @param waiting      how many tasks wait for it: they go on once it is done, and are cancelled when it is dismissed
/// @param originalTask the task itself
record DeadLetterView(
        UUID id,
        String fingerprint,
        String cause,
        int attempts,
        int replays,
        @Nullable Instant deadSince,
        TaskView.@Nullable ErrorView error,
        @Nullable BatchName batch,
        long waiting,
        TaskView originalTask) {

    /// A batch, in few words.
    ///
    /// @param description may be empty
    record BatchName(UUID id, String description) {}

    static DeadLetterView of(Task task, TaskView view, @Nullable BatchName batch, long waiting) {
        return new DeadLetterView(
                task.id().value(),
                task.fingerprint().orElse(""),
                task.cause().orElse(""),
                task.attempts(),
                task.replays(),
                task.completedAt().orElse(null),
                TaskView.ErrorView.of(task.error()),
                batch,
                waiting,
                view);
    }
}
