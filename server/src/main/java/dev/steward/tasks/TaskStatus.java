package dev.steward.tasks;

import java.util.Locale;

/// Where a task stands (TASK-1).
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
