package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// Bounds of an [AdaptiveLimit].
///
/// @param initial  calls at once before anything has been measured
/// @param min      fewest calls at once, however slow the backend is
/// @param max      most calls at once, however fast it is
/// @param queueMax calls that may wait for room
/// @param waitMax  longest wait for room
public record AdaptiveLimitConfig(int initial, int min, int max, int queueMax, Duration waitMax) {

    public AdaptiveLimitConfig {
        requireNonNull(waitMax, "waitMax");
        if (min < 1 || initial < min || max < initial) {
            throw new IllegalArgumentException("1 <= min <= initial <= max must hold");
        }
        if (queueMax < 0 || waitMax.isNegative()) {
            throw new IllegalArgumentException("queueMax and waitMax must not be negative");
        }
    }

    /// 20 calls at first, 1 to 200 later, 500 waiting, 30 s at most.
    public static AdaptiveLimitConfig defaults() {
        return new AdaptiveLimitConfig(20, 1, 200, 500, Duration.ofSeconds(30));
    }
}
