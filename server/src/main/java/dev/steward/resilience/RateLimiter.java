package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A [TokenBucket] for each key, an account or an address, in bounded memory.
///
/// A key whose bucket is full again is forgotten: that loses nothing. When `keysMax` keys are busy at once, all
/// further keys share one bucket, so a flood of made-up keys throttles itself and never grows memory. Safe for use
/// by many threads.
///
/// @param <K> a value with `equals`
public final class RateLimiter<K> {

    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final long burst;
    private final long intervalNanos;
    private final int keysMax;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<K, Long> fullAtNanos = new ConcurrentHashMap<>();
    private final TokenBucket overflow;
    private final AtomicLong sweptNanos;
    private volatile double share = 1;

    /// Limits in the system's monotonic time.
    public RateLimiter(long burst, Duration interval, int keysMax) {
        this(burst, interval, keysMax, System::nanoTime);
    }

    /// @param burst    takes of one key at once
    /// @param interval time in which a key gets one more
    /// @param keysMax  keys that are told apart at once
    public RateLimiter(long burst, Duration interval, int keysMax, LongSupplier nanoTime) {
        this.intervalNanos = Rate.checked(burst, interval);
        this.burst = burst;
        if (keysMax < 1) {
            throw new IllegalArgumentException("keysMax must be positive");
        }
        this.keysMax = keysMax;
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.overflow = new TokenBucket(burst, interval, nanoTime);
        this.sweptNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /// Takes a token of `key` if there is one.
    public TokenBucket.Take take(K key) {
        if (fullAtNanos.size() >= keysMax && !fullAtNanos.containsKey(key)) {
            sweep(nanoTime.getAsLong());
            if (fullAtNanos.size() >= keysMax) {
                return overflow.take();
            }
        }
        long interval = (long) (intervalNanos / share);
        long[] over = {0};
        long[] left = {0};
        fullAtNanos.compute(key, (_, fullAt) -> {
            // The time of this very take: a thread that had to wait for its turn here would else be refused for what
            // others took meanwhile.
            long now = nanoTime.getAsLong();
            long candidate = Rate.next(fullAt == null ? now : fullAt, now, interval);
            over[0] = Rate.over(candidate, now, interval, burst);
            left[0] = burst - Rate.ceilDiv(candidate - now, interval);
            return over[0] > 0 && fullAt != null ? fullAt : Long.valueOf(candidate);
        });
        return over[0] > 0
                ? new TokenBucket.Take(false, 0, Duration.ofNanos(over[0]))
                : new TokenBucket.Take(true, left[0], Duration.ZERO);
    }

    /// Lets keys come at only this share of their rate while there is too much load (RES-6).
    ///
    /// @param share 0.01 to 1; 1 is the full rate
    public void slowTo(double share) {
        if (!(share >= 0.01 && share <= 1)) {
            throw new IllegalArgumentException("share must be 0.01 to 1");
        }
        this.share = share;
    }

    /// Keys that are told apart now.
    public int keys() {
        return fullAtNanos.size();
    }

    /// Forgets keys whose bucket is full; at most once a second, so that a flood of keys does not cost a sweep each.
    private void sweep(long now) {
        long last = sweptNanos.get();
        if (now - last >= SWEEP_NANOS && sweptNanos.compareAndSet(last, now)) {
            fullAtNanos.values().removeIf(fullAt -> fullAt - now <= 0);
        }
    }
}
