package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waits longer after each failure, at random, so that many terminals don't come back at once. Half of each wait is
/// sure, half is chance. For one thread.
final class Backoff {

    private static final long FIRST_MILLIS = 250;
    private static final long LONGEST_MILLIS = 5_000;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = requireNonNull(random, "random");
    }

    Duration next() {
        long whole = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, 10));
        failures++;
        return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
    }

    /// It worked.
    void reset() {
        failures = 0;
    }
}
