package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How failed attempts of a type are repeated: the wait before retry n is drawn evenly from 0 to base · 2ⁿ, at most
/// max.
///
/// @param maxRetries attempts after the first, for tasks that don't say; 0 to 100
public record RetryPolicy(int maxRetries, Duration base, Duration max) {

    public RetryPolicy {
        requireNonNull(base, "base");
        requireNonNull(max, "max");
        if (maxRetries < 0 || maxRetries > 100) {
            throw new IllegalArgumentException("maxRetries must be 0 to 100, was " + maxRetries);
        }
        if (base.isNegative() || max.compareTo(base) < 0) {
            throw new IllegalArgumentException("base must be 0 to max");
        }
    }
}
