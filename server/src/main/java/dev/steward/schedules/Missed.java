package dev.steward.schedules;

import java.util.Locale;

/// What becomes of runs whose time passed while nothing ran.
public enum Missed {
    /// They don't run.
    SKIP,
    /// The latest of them runs, once.
    RUN_ONCE,
    /// All run, the oldest first, up to the schedule's cap; of more than that, the latest.
    RUN_ALL;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Missed of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
