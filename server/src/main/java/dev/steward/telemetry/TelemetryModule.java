package dev.steward.telemetry;

import dev.steward.base.Version;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Builds logs, metrics and traces.
@Configuration(proxyBeanMethods = false)
public class TelemetryModule {

    public TelemetryModule(TelemetryConfig config) {
        LogSettings.apply(config);
    }

    /// The registry of every meter of this process.
    @Bean(destroyMethod = "close")
    PrometheusMeterRegistry meters() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
    }

    @Bean
    Tracing tracing(TelemetryConfig config) {
        return config.otlpEndpoint()
                .<Tracing>map(endpoint ->
                        CollectedTracing.to(endpoint, Version.current().number()))
                .orElseGet(Tracing::quiet);
    }

    /// Around every other filter, so that it sees the whole of each request.
    @Bean
    FilterRegistrationBean<HttpTelemetry> httpTelemetry(Tracing tracing, PrometheusMeterRegistry meters) {
        var registration = new FilterRegistrationBean<>(new HttpTelemetry(tracing, meters));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setAsyncSupported(true);
        return registration;
    }
}
