package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts refused credentials (`auth_failures`) and makes the answer. Thread-safe.
final class AuthFailures {

    private final MeterRegistry metrics;

    AuthFailures(MeterRegistry metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /// @param reason a stable word for the metric
    StewardException refused(String reason, String message) {
        metrics.counter("auth_failures", "reason", reason).increment();
        return new StewardException(ErrorCode.UNAUTHORIZED, message);
    }
}
