package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs and counts what breakers do. Metric: `circuit_breaker_trips`, by breaker.
final class BreakerReport implements BreakerListener {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final MeterRegistry metrics;

    BreakerReport(MeterRegistry metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    @Override
    public void changed(CircuitBreaker breaker, CircuitBreaker.State from, CircuitBreaker.State to) {
        switch (to) {
            case OPEN -> {
                Counter.builder("circuit_breaker_trips")
                        .description("How often a circuit breaker opened")
                        .tag("breaker", breaker.name())
                        .register(metrics)
                        .increment();
                LOG.atWarn()
                        .addKeyValue("breaker", breaker.name())
                        .addKeyValue("failures", breaker.status().failureCount())
                        .log("circuit breaker opened");
            }
            case HALF_OPEN ->
                LOG.atInfo().addKeyValue("breaker", breaker.name()).log("circuit breaker probes");
            case CLOSED -> LOG.atInfo().addKeyValue("breaker", breaker.name()).log("circuit breaker closed");
        }
    }
}
