package dev.steward.resilience;

import java.time.Duration;

/// The arithmetic of the generic cell rate algorithm, on times that may wrap as [System#nanoTime] may.
final class Rate {

    private static final long BURST_MAX = 1_000_000;

    private Rate() {}

    /// The interval in nanoseconds, if both figures can be counted with.
    static long checked(long burst, Duration interval) {
        if (burst < 1 || burst > BURST_MAX) {
            throw new IllegalArgumentException("burst must be 1 to " + BURST_MAX);
        }
        if (!interval.isPositive() || interval.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("interval must be 1 ns to 1 day");
        }
        return Math.min(interval.toNanos(), Long.MAX_VALUE / 4 / burst);
    }

    /// When the bucket will be full again after one more take.
    static long next(long fullAt, long now, long interval) {
        return (fullAt - now > 0 ? fullAt : now) + interval;
    }

    /// By how much a take comes too early; zero or less: it may be.
    static long over(long next, long now, long interval, long burst) {
        return next - now - interval * burst;
    }

    static long ceilDiv(long value, long by) {
        return Math.ceilDiv(value, by);
    }
}
