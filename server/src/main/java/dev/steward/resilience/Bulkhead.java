package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets a few callers at a time do costly work, in the order in which they came, so that a crowd waits here for
/// a moment and not in front of what everybody else needs as well. Safe for use by many threads; not re-entrant.
///
/// Source: M. Nygard, Release It!, "Bulkheads".
public final class Bulkhead {

    /// After this time the work is slow or stuck: to say so is better than to wait on, as longer queues only make
    /// everybody give up.
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final Semaphore places;
    private final Wording busy;
    private final Duration retryAfter;

    /// @param atOnce callers at work at the same time, at least 1
    /// @param busy what somebody is told for whom there was no place in time
    /// @param retryAfter when that person may try again
    public Bulkhead(int atOnce, Wording busy, Duration retryAfter) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one caller at a time, not " + atOnce);
        }
        this.places = new Semaphore(atOnce, true);
        this.busy = requireNonNull(busy, "busy");
        this.retryAfter = requireNonNull(retryAfter, "retryAfter");
    }

    /// What the work gives, once there is a place for it.
    ///
    /// @throws StewardException `SERVICE_UNAVAILABLE` when there was none within ten seconds, or the caller was
    ///     interrupted
    public <T> T call(Supplier<T> work) {
        try {
            if (!places.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    private StewardException busy() {
        return StewardException.busy(ErrorCode.SERVICE_UNAVAILABLE, busy, retryAfter);
    }
}
