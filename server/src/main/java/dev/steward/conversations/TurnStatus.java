package dev.steward.conversations;

import java.util.Locale;

/// Where a turn stands. `pending` → `running` → one of the three ends; back to `pending` while it waits for a model
/// or between attempts. An end is final.
public enum TurnStatus {
    /// Accepted and not being answered at this moment: queued, or waiting.
    PENDING,
    /// An attempt is at work on it.
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    /// Whether nothing will change any more.
    public boolean ended() {
        return this != PENDING && this != RUNNING;
    }

    /// The name on the wire, such as `pending`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TurnStatus of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
