package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A breaker as it was when read (RES-1).
///
/// @param failureCount   failures in a row; in OPEN and HALF_OPEN those that opened it and the failed probes since
/// @param successCount   successful probes in a row, in HALF_OPEN only
/// @param lastFailure    when a call last failed; empty if none has since the last reset
/// @param timeUntilRetry how long until a call may go through; zero unless OPEN
public record BreakerStatus(
        String name,
        CircuitBreaker.State state,
        int failureCount,
        int successCount,
        Optional<Instant> lastFailure,
        Duration timeUntilRetry) {

    public BreakerStatus {
        requireNonNull(name, "name");
        requireNonNull(state, "state");
        requireNonNull(lastFailure, "lastFailure");
        requireNonNull(timeUntilRetry, "timeUntilRetry");
    }
}
