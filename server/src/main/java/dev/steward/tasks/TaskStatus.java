package dev.steward.tasks;

import java.util.Locale;

/// Where a task stands (TASK-1). The order is the number in the table: append only.
///
/// `pending` → `running` → `completed`, or back to `pending` for a retry, a take-over or a stop of the
/// server. What
/// can't be completed ends as `dead_letter`, which a person may send back to `pending` or dismiss as
/// `failed`.
public enum TaskStatus {
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED,
    DEAD_LETTER;

    /// Whether it will run no more by itself.
    public boolean ended() {
        return this != PENDING && this != RUNNING;
    }

    /// The name on the wire, such as `dead_letter`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
