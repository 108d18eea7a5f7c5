package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// A handler's way to say: not now, and through nobody's fault. The task waits and is run again after
/// `delay`, or when
/// [TaskQueue#hurry] names it; the attempt does not count against the task's retries, and the task is not
/// failing.
/// Its fencing number grows all the same.
public final class TaskPostponedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /// @param delay  from now, more than zero
    /// @param reason what it waits for, for operators; no user text
    public TaskPostponedException(Duration delay, String reason) {
        super(requireNonNull(reason, "reason"));
        if (!delay.isPositive()) {
            throw new IllegalArgumentException("a postponed task needs a delay of more than zero, was " + delay);
        }
        this.delay = delay;
    }

    public Duration delay() {
        return delay;
    }
}
