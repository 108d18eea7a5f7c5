package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Setting;
import java.time.Duration;

/// When a [CircuitBreaker] opens and how it closes again.
///
/// @param failureThreshold failures in a row that open it
/// @param successThreshold successful probes in a row that close it
/// @param timeout          how long it stays open before it lets a probe through; also how long a probe may be silent
public record BreakerConfig(
        @Setting(value = "Failures in a row that open a breaker, 1 to 1,000.", fallback = "5")
        int failureThreshold,

        @Setting(value = "Successful probes in a row that close it again, 1 to 1,000.", fallback = "2")
        int successThreshold,

        @Setting(value = "How long it stays open before a probe, 1 ms to 1 day.", fallback = "60000")
        Duration timeout) {

    /// Highest threshold; more failures in a row than this are an outage under any name.
    public static final int THRESHOLD_MAX = 1_000;

    /// Longest time that a breaker stays open without a look.
    public static final Duration TIMEOUT_MAX = Duration.ofDays(1);

    public BreakerConfig {
        requireNonNull(timeout, "timeout");
        if (failureThreshold < 1 || failureThreshold > THRESHOLD_MAX) {
            throw new IllegalArgumentException("failure_threshold must be 1 to " + THRESHOLD_MAX);
        }
        if (successThreshold < 1 || successThreshold > THRESHOLD_MAX) {
            throw new IllegalArgumentException("success_threshold must be 1 to " + THRESHOLD_MAX);
        }
        if (timeout.toMillis() < 1 || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("timeout must be 1 ms to 1 day");
        }
    }

    /// 5 failures open it, 60 s later a probe, 2 successes close it.
    public static BreakerConfig defaults() {
        return new BreakerConfig(5, 2, Duration.ofSeconds(60));
    }
}
