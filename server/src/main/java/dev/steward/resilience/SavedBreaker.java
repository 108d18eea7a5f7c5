package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is kept of a breaker over a restart.
///
/// @param openUntil when a probe may go, by the wall clock; null unless OPEN
record SavedBreaker(
        String name,
        CircuitBreaker.State state,
        int failureCount,
        @Nullable Instant lastFailure,
        @Nullable Instant openUntil) {

    SavedBreaker {
        requireNonNull(name, "name");
        requireNonNull(state, "state");
    }
}
