package dev.steward.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Monotonic time that stands still until a test moves it; begins just before it wraps.
final class Ticker implements LongSupplier {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

    @Override
    public long getAsLong() {
        return now.get();
    }

    void advance(Duration step) {
        now.addAndGet(step.toNanos());
    }
}
