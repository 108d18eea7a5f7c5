package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Lets `burst` takes through at once and then one every `interval`.
///
/// Kept as one number, the time at which the bucket will be full again. Safe for use by many threads; lock-free.
/// Source: the generic cell rate algorithm, ITU-T I.371.
public final class TokenBucket {

    /// What a take gives.
    ///
    /// @param taken      whether there was a token
    /// @param remaining  whole tokens left
    /// @param retryAfter how long until there is one again; zero if taken
    public record Take(boolean taken, long remaining, Duration retryAfter) {
        public Take {
            requireNonNull(retryAfter, "retryAfter");
        }
    }

    private final long intervalNanos;
    private final long burst;
    private final LongSupplier nanoTime;
    private final AtomicLong fullAtNanos;

    /// A full bucket in the system's monotonic time.
    public TokenBucket(long burst, Duration interval) {
        this(burst, interval, System::nanoTime);
    }

    /// A full bucket.
    ///
    /// @param burst    most tokens in it, 1 to 1,000,000
    /// @param interval time in which one token comes, 1 ns to 1 day
    public TokenBucket(long burst, Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = Rate.checked(burst, interval);
        this.burst = burst;
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.fullAtNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /// Takes a token if there is one.
    public Take take() {
        while (true) {
            long fullAt = fullAtNanos.get();
            // In this order: a thread that is held up in between must not compare a time of long ago with what others
            // have taken since.
            long now = nanoTime.getAsLong();
            long next = Rate.next(fullAt, now, intervalNanos);
            long over = Rate.over(next, now, intervalNanos, burst);
            if (over > 0) {
                return new Take(false, 0, Duration.ofNanos(over));
            }
            if (fullAtNanos.compareAndSet(fullAt, next)) {
                return new Take(true, burst - Rate.ceilDiv(next - now, intervalNanos), Duration.ZERO);
            }
        }
    }
}
