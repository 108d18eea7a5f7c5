package dev.steward.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricNamesTest {

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void thePlainFormatHasTheDocumentedNamesAndOpenMetricsTheirUnits() {
        Counter.builder("rate.limit.exceeded")
                .tag("class", "auth")
                .register(meters)
                .increment();
        Timer.builder("task.processing.duration")
                .serviceLevelObjectives(Duration.ofSeconds(1))
                .register(meters)
                .record(Duration.ofMillis(20));
        TimeGauge.builder("system.event.loop.lag", () -> 2, TimeUnit.SECONDS).register(meters);
        Counter.builder("circuit.breaker.trips.other").register(meters).increment();

        String plain = MetricNames.plain(meters.scrape("text/plain; version=0.0.4; charset=utf-8"));
        assertThat(plain)
                .contains("\nrate_limit_exceeded{class=\"auth\"} 1.0")
                .contains("# TYPE rate_limit_exceeded counter")
                .contains("\ntask_processing_duration_count 1")
                .contains("\ntask_processing_duration_bucket{le=\"1.0\"} 1")
                .contains("\ntask_processing_duration_sum 0.02")
                .contains("\nsystem_event_loop_lag 2.0")
                .contains("\ncircuit_breaker_trips_other_total 1.0");

        assertThat(meters.scrape("application/openmetrics-text; version=1.0.0; charset=utf-8"))
                .contains("\nrate_limit_exceeded_total{class=\"auth\"} 1.0")
                .contains("\ntask_processing_duration_seconds_count 1")
                .endsWith("# EOF\n");
    }
}
