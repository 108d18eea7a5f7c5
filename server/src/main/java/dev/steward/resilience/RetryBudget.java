package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Bounds what retries add to the load of one backend: when everything fails, retries stay near 10 % of the calls.
///
/// Each first call puts 0.1 of a token in, each retry takes one out; at most [#TOKENS_MAX] are kept, and one token
/// trickles in every [#TRICKLE_SECONDS] so that a rare single call may be retried, too. In any span of t seconds:
/// retries ≤ `TOKENS_MAX + 0.1 · calls + t / TRICKLE_SECONDS`.
///
/// Safe for use by many threads; lock-free. Source: AWS Builders' Library, "Timeouts, retries and backoff with
/// jitter".
public final class RetryBudget {

    /// Most tokens that are kept, and what a new budget starts with.
    public static final int TOKENS_MAX = 5;

    /// Seconds in which one token trickles in without any call.
    public static final int TRICKLE_SECONDS = 10;

    private static final long TOKEN = 10_000_000_000L; // nano-decaseconds: the trickle then adds one a nanosecond
    private static final long PER_CALL = TOKEN / 10;
    private static final long FULL = TOKENS_MAX * TOKEN;

    private final LongSupplier nanoTime;
    private final AtomicReference<Level> level;

    private record Level(long tokens, long atNanos) {

        Level at(long nanos) {
            long passed = Math.max(0, nanos - atNanos);
            // Comparing first keeps the sum from overflowing after a very long rest.
            return new Level(passed >= FULL - tokens ? FULL : tokens + passed, passed == 0 ? atNanos : nanos);
        }
    }

    /// A full budget in the system's monotonic time.
    public RetryBudget() {
        this(System::nanoTime);
    }

    /// A full budget.
    public RetryBudget(LongSupplier nanoTime) {
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.level = new AtomicReference<>(new Level(FULL, nanoTime.getAsLong()));
    }

    /// Notes a first call, not a retry.
    public void called() {
        level.updateAndGet(old -> {
            Level now = old.at(nanoTime.getAsLong());
            return new Level(Math.min(FULL, now.tokens + PER_CALL), now.atNanos);
        });
    }

    /// Takes a token for a retry; false when there is none: then the failure goes up as it is.
    public boolean tryRetry() {
        while (true) {
            Level old = level.get();
            Level now = old.at(nanoTime.getAsLong());
            if (now.tokens < TOKEN) {
                return false;
            }
            if (level.compareAndSet(old, new Level(now.tokens - TOKEN, now.atNanos))) {
                return true;
            }
        }
    }

    /// Whole tokens that are there now.
    public int tokens() {
        return (int) (level.get().at(nanoTime.getAsLong()).tokens / TOKEN);
    }
}
