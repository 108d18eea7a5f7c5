package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.resilience.RateLimiter;
import dev.steward.resilience.TokenBucket;
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

/// Limits how often one caller may come: one bucket for each user, or for each address of callers that are not
/// signed in, and rate class. Safe for use by many threads.
public final class RequestRates {

    /// Callers that are told apart at once, some 10 MB; a flood from more addresses than this is one caller.
    private static final int CALLERS_MAX = 100_000;

    /// A v6 caller has a whole /64 to himself.
    private static final int V6_NETWORK_BYTES = 8;

    private final Map<RateClass, RateLimiter<Object>> limiters = new EnumMap<>(RateClass.class);
    private final MeterRegistry metrics;

    RequestRates(RatesConfig config, MeterRegistry metrics) {
        limiters.put(
                RateClass.AUTH,
                new RateLimiter<>(
                        config.authPerMinute(), Duration.ofMinutes(1).dividedBy(config.authPerMinute()), CALLERS_MAX));
        limiters.put(RateClass.READ, perSecond(config.readPerSecond()));
        limiters.put(RateClass.WRITE, perSecond(config.writePerSecond()));
        limiters.put(RateClass.MODEL, perSecond(config.modelPerSecond()));
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /// Counts one request.
    ///
    /// @throws StewardException `rate_limit_exceeded` with the time after which the next one passes
    public void admit(RateClass rateClass, Optional<Principal> caller, InetAddress address) {
        RateLimiter<Object> limiter = limiters.get(rateClass);
        if (limiter == null) {
            return;
        }
        boolean byAddress = rateClass == RateClass.AUTH || caller.isEmpty();
        TokenBucket.Take take =
                limiter.take(byAddress ? network(address) : caller.orElseThrow().user());
        if (!take.taken()) {
            metrics.counter("rate_limit_exceeded", "class", rateClass.name().toLowerCase(Locale.ROOT))
                    .increment();
            throw StewardException.busy(
                    ErrorCode.RATE_LIMIT_EXCEEDED, Saying.TOO_MANY_REQUESTS.said(), take.retryAfter());
        }
    }

    private static RateLimiter<Object> perSecond(int count) {
        return new RateLimiter<>(2L * count, Duration.ofSeconds(1).dividedBy(count), CALLERS_MAX);
    }

    private static Object network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address : ByteBuffer.wrap(Arrays.copyOf(bytes, V6_NETWORK_BYTES));
    }
}
