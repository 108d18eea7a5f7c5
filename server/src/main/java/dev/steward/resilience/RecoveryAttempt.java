package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// One try to recover from a failure, as it is recorded and learned from (RES-10).
///
/// @param component what failed, such as a backend's name
/// @param errorKind the kind of failure, a stable word such as `timeout`
/// @param strategy  what was tried
/// @param outcome   how it ended
/// @param at        when it began
/// @param took      how long it took, waiting included
public record RecoveryAttempt(
        String component, String errorKind, RecoveryLevel strategy, Outcome outcome, Instant at, Duration took) {

    /// How a try ended.
    public enum Outcome {
        /// There is a result.
        RECOVERED,
        /// It failed again.
        FAILED,
        /// It could not be tried: no fallback is known, no time is left, no retry is allowed.
        SKIPPED
    }

    public RecoveryAttempt {
        requireNonNull(component, "component");
        requireNonNull(errorKind, "errorKind");
        requireNonNull(strategy, "strategy");
        requireNonNull(outcome, "outcome");
        requireNonNull(at, "at");
        requireNonNull(took, "took");
    }
}
