package dev.steward.tasks;

import java.util.Locale;

/// Why a task became a dead letter.
enum Cause {
    /// Every allowed attempt failed.
    RETRIES_EXHAUSTED,
    /// It failed in a way that another attempt can't mend.
    NOT_RETRYABLE,
    /// It took its worker down too often.
    POISON,
    /// It was not finished by its deadline.
    DEADLINE,
    /// Nobody knows how far its last attempt came, and its type must not be repeated unasked.
    UNKNOWN_OUTCOME;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
