package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;

/// One time at which something runs.
///
/// @param wall what the rule says
/// @param fate what a change of the clocks makes of it
public record Occurrence(Instant at, LocalDateTime wall, Fate fate) {

    /// What a change of the clocks does to a local time.
    public enum Fate {
        /// Nothing.
        PLAIN,
        /// The clocks skip it: it runs when the gap is over.
        SKIPPED,
        /// The clocks show it twice: it runs the first time.
        TWICE
    }

    public Occurrence {
        requireNonNull(at, "at");
        requireNonNull(wall, "wall");
        requireNonNull(fate, "fate");
    }
}
