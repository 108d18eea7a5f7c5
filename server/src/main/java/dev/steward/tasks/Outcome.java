package dev.steward.tasks;

import java.util.Locale;

/// How one attempt ended.
enum Outcome {
    COMPLETED,
    FAILED,
    TIMED_OUT,
    /// Its worker gave no sign of life for the length of a lease.
    LOST,
    /// The server stopped; the task goes on elsewhere or after the start.
    RELEASED,
    POSTPONED,
    CANCELLED,
    DEADLINE;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
