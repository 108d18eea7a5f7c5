package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// Counts refused credentials (`auth_failures`) and makes the answer. Thread-safe.
final class AuthFailures {

    private final MeterRegistry metrics;

    AuthFailures(MeterRegistry metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /// @param reason a stable word for the metric
    StewardException refused(String reason, String message) {
        return refused(reason, new Wording(message, List.of()));
    }

    StewardException refused(String reason, Wording message) {
        metrics.counter("auth_failures", "reason", reason).increment();
        return new StewardException(ErrorCode.UNAUTHORIZED, message);
    }
}
