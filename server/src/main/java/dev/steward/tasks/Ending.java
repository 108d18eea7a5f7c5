package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What is to be written about a task whose attempt, or whose wait, is over. It counts only while the table still
/// shows the task in `from` with the fence of `task`; otherwise somebody else has it, and nothing is written.
///
/// @param from    `RUNNING`, or `PENDING` for a task that ends while it waits
/// @param delay   for `PENDING`: when it may run again, from now
/// @param failed  whether the attempt counts as a failure of the task
/// @param code    of the failure; `null` when there was none
/// @param message of the failure, for people
/// @param cause   of a dead letter
/// @param result  of a completed task, a JSON value
record Ending(
        ClaimedTask task,
        TaskStatus from,
        TaskStatus to,
        Outcome outcome,
        Duration delay,
        boolean failed,
        @Nullable ErrorCode code,
        @Nullable String message,
        @Nullable Cause cause,
        @Nullable String result) {

    static final String PREDECESSOR_FAILED = Saying.PREDECESSOR_FAILED.english();

    Ending {
        requireNonNull(task, "task");
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(outcome, "outcome");
        requireNonNull(delay, "delay");
    }

    static Ending completed(ClaimedTask task, String result) {
        return new Ending(
                task,
                TaskStatus.RUNNING,
                TaskStatus.COMPLETED,
                Outcome.COMPLETED,
                Duration.ZERO,
                false,
                null,
                null,
                null,
                result);
    }

    static Ending retry(ClaimedTask task, Outcome outcome, Duration delay, ErrorCode code, String message) {
        return new Ending(
                task, TaskStatus.RUNNING, TaskStatus.PENDING, outcome, delay, true, code, message, null, null);
    }

    static Ending dead(
            ClaimedTask task, TaskStatus from, Outcome outcome, Cause cause, ErrorCode code, String message) {
        return new Ending(task, from, TaskStatus.DEAD_LETTER, outcome, Duration.ZERO, true, code, message, cause, null);
    }

    /// Counts only if its owner has asked for it.
    static Ending cancelled(ClaimedTask task) {
        return cancelled(task, TaskStatus.RUNNING, Saying.CANCELLED_RUNNING.english());
    }

    private static Ending cancelled(ClaimedTask task, TaskStatus from, String message) {
        return new Ending(
                task,
                from,
                TaskStatus.CANCELLED,
                Outcome.CANCELLED,
                Duration.ZERO,
                false,
                ErrorCode.TASK_CANCELLED,
                message,
                null,
                null);
    }

    static Ending postponed(ClaimedTask task, Duration delay) {
        return new Ending(
                task, TaskStatus.RUNNING, TaskStatus.PENDING, Outcome.POSTPONED, delay, false, null, null, null, null);
    }

    static Ending released(ClaimedTask task) {
        return new Ending(
                task,
                TaskStatus.RUNNING,
                TaskStatus.PENDING,
                Outcome.RELEASED,
                Duration.ZERO,
                false,
                null,
                null,
                null,
                null);
    }

    static Ending cancelledWaiting(ClaimedTask task) {
        return cancelled(task, TaskStatus.PENDING, Saying.CANCELLED_WAITING.english());
    }

    /// Of a task that waited for one that was not completed.
    static Ending cancelledBefore(ClaimedTask task) {
        return cancelled(task, TaskStatus.PENDING, PREDECESSOR_FAILED);
    }

    /// What its handler hears; only for endings without a result.
    EndedTask ended() {
        return new EndedTask(
                task.lease().task(),
                task.lease().owner(),
                task.type(),
                task.input(),
                to,
                requireNonNull(code, "code"),
                requireNonNull(message, "message"));
    }

    /// Groups dead letters of one cause; empty for other endings.
    String fingerprint() {
        if (cause == null || code == null) {
            return "";
        }
        return Fingerprint.of(
                task.type(), cause == Cause.POISON ? "poison" : code.wire(), message == null ? "" : message);
    }
}
