package dev.steward.tasks;

import dev.steward.base.UserId;
import java.time.Duration;
import java.util.Optional;

/// Runs tasks of one type. Called on a virtual thread of its own for each attempt; attempts are
/// at-least-once, so what it does must be idempotent or guarded by [TaskAttempt#fence].
public interface TaskHandler {

    /// The type that it runs, such as `turn`.
    String type();

    /// How long one attempt may take; then its thread is interrupted and the attempt fails as `task_timeout`.
    Duration timeout();

    /// Attempts of this type that run at once in this process.
    int concurrencyMax();

    /// What else limits tasks of this type; the default: nothing.
    default TaskLimits limits() {
        return TaskLimits.none();
    }

    /// What [TaskLimits#perKeyMax] counts by, at most 200 characters, such as the host that is called; empty, the
    /// default: no limit for this one. Asked once, when the task is accepted. Must be quick and never throw.
    ///
    /// @param input the JSON object that the task is accepted with
    default Optional<String> limitKey(UserId owner, String input) {
        return Optional.empty();
    }

    /// How failed attempts are repeated; empty, the default: as the configuration says.
    default Optional<RetryPolicy> retry() {
        return Optional.empty();
    }

    /// Whether an attempt may be made again when nobody knows how far the last one came. When not, a task whose
    /// worker was lost, that took too long, was stopped with the server, or failed in an unforeseen way becomes a
    /// dead letter with the cause `unknown_outcome`, for a person to decide.
    default boolean repeatable() {
        return true;
    }

    /// Runs one attempt. Returning is success.
    ///
    /// @return the result, a JSON value as text; `null` is written as `"null"`
    /// @throws InterruptedException when the task was cancelled, timed out, or lost its lease, or the
    /// server stops
    /// @throws TaskPostponedException the work has to wait for something; the attempt is not counted
    /// @throws Exception            the attempt failed; a [dev.steward.base.StewardException] that can't be
    /// retried
    ///                              makes a dead letter at once, everything else is retried with backoff
    String run(TaskAttempt attempt) throws Exception;

    /// How far a task has come, 0 to 1, by what earlier attempts have written; 0, the default: unknown. Asked
    /// before a task whose worker was lost too often is kept apart: work that grew meanwhile is no poison, even
    /// when its last [TaskAttempt#progress] was never written. May read, must not write.
    default double reached(String input) {
        return 0;
    }

    /// How people may create tasks of this type; empty, the default: they may not, only other parts of
    /// Steward may.
    default Optional<TaskForm> form() {
        return Optional.empty();
    }

    /// A task of this type ended without a result: cancelled (waiting or running), or a dead letter (its last
    /// attempt failed, its deadline passed, or it took its worker down too often). Called in the transaction that
    /// records the end, so what is written here stands if and only if the end does. Not called for a task that
    /// completed.
    ///
    /// Must be quick. When it throws, the end is recorded without it, and that is logged.
    default void ended(EndedTask task) {}
}
