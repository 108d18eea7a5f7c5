package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs, counts and times the tries to recover. Metric: `steward_recovery_attempts`, by component, kind of error,
/// strategy and outcome.
final class RecoveryReport implements RecoveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryLadder.class);

    private final MeterRegistry metrics;

    RecoveryReport(MeterRegistry metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    @Override
    public void attempted(RecoveryAttempt attempt) {
        String strategy = attempt.strategy().name().toLowerCase(Locale.ROOT);
        String outcome = attempt.outcome().name().toLowerCase(Locale.ROOT);
        Timer.builder("steward.recovery.attempts")
                .description("Tries to recover from a failure, waiting included")
                .tag("component", attempt.component())
                .tag("kind", attempt.errorKind())
                .tag("strategy", strategy)
                .tag("outcome", outcome)
                .register(metrics)
                .record(attempt.took());
        LOG.atDebug()
                .addKeyValue("component", attempt.component())
                .addKeyValue("kind", attempt.errorKind())
                .addKeyValue("strategy", strategy)
                .addKeyValue("level", attempt.strategy().level())
                .addKeyValue("outcome", outcome)
                .addKeyValue("took_ms", attempt.took().toMillis())
                .log("recovery tried");
    }
}
