package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint.RateClass;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Limits how often one caller may come: one bucket for each user, or for each address of callers that are not
/// signed
/// in, and rate class. Memory is bounded: idle buckets are dropped, and when there are too many callers at once,
/// new
/// ones share one bucket. Safe for use by many threads; lock-free.
///
/// Source: generic cell rate algorithm (ITU-T I.371): a bucket is one number, the time at which it will be full
/// again.
public final class RequestRates {

    /// About 10 MB; a flood from more addresses than this is one caller.
    private static final int BUCKETS_MAX = 100_000;

    /// A v6 caller has a whole /64 to himself.
    private static final int V6_NETWORK_BYTES = 8;

    private record Key(Object caller, RateClass rateClass) {}

    private final Map<RateClass, Rate> rates = new EnumMap<>(RateClass.class);
    private final ConcurrentHashMap<Key, AtomicLong> buckets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final MeterRegistry metrics;

    /// @param nanoTime a clock that never goes back, in nanoseconds
    RequestRates(RatesConfig config, LongSupplier nanoTime, MeterRegistry metrics) {
        rates.put(RateClass.AUTH, Rate.perMinute(config.authPerMinute()));
        rates.put(RateClass.READ, Rate.perSecond(config.readPerSecond()));
        rates.put(RateClass.WRITE, Rate.perSecond(config.writePerSecond()));
        rates.put(RateClass.MODEL, Rate.perSecond(config.modelPerSecond()));
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /// Counts one request.
    ///
    /// @throws StewardException `rate_limit_exceeded` with the time after which the next one passes
    public void admit(RateClass rateClass, Optional<Principal> caller, InetAddress address) {
        Rate rate = rates.get(rateClass);
        if (rate == null) {
            return;
        }
        Object who = rateClass == RateClass.AUTH || caller.isEmpty()
                ? network(address)
                : caller.orElseThrow().user();
        long waitNanos = take(bucket(new Key(who, rateClass)), rate);
        if (waitNanos > 0) {
            metrics.counter("rate_limit_exceeded", "class", rateClass.name().toLowerCase(Locale.ROOT))
                    .increment();
            throw StewardException.busy(
                    ErrorCode.RATE_LIMIT_EXCEEDED,
                    "Too many requests. Nothing was changed; wait a moment and send this one again.",
                    Duration.ofNanos(waitNanos));
        }
    }

    private long take(AtomicLong fullAt, Rate rate) {
        long now = nanoTime.getAsLong();
        long each = rate.every().toNanos();
        long burst = each * rate.burst();
        while (true) {
            long old = fullAt.get();
            long base = Math.max(old, now);
            long next = base + each;
            if (next - now > burst) {
                return next - now - burst;
            }
            if (fullAt.compareAndSet(old, next)) {
                return 0;
            }
        }
    }

    private AtomicLong bucket(Key key) {
        AtomicLong bucket = buckets.get(key);
        if (bucket != null) {
            return bucket;
        }
        if (buckets.size() >= BUCKETS_MAX) {
            long now = nanoTime.getAsLong();
            buckets.values().removeIf(fullAt -> fullAt.get() <= now);
        }
        Key place = buckets.size() < BUCKETS_MAX ? key : new Key("everyone else", key.rateClass());
        return buckets.computeIfAbsent(place, _ -> new AtomicLong(nanoTime.getAsLong()));
    }

    private static Object network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address : ByteBuffer.wrap(Arrays.copyOf(bytes, V6_NETWORK_BYTES));
    }
}
