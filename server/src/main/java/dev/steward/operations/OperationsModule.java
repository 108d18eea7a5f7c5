package dev.steward.operations;

import dev.steward.components.ComponentRegistry;
import dev.steward.database.Database;
import dev.steward.resilience.Breakers;
import dev.steward.web.ClientAddress;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds health, metrics, and the lists of components and breakers.
@Configuration(proxyBeanMethods = false)
public class OperationsModule {

    @Bean
    Health health(ComponentRegistry components) {
        return new Health(components);
    }

    @Bean
    HealthController healthController(Health health, Database database, ClientAddress addresses) {
        return new HealthController(health, database, new Operators(addresses));
    }

    @Bean
    MetricsController metricsController(PrometheusMeterRegistry meters, ClientAddress addresses) {
        return new MetricsController(meters, new Operators(addresses));
    }

    @Bean
    SystemController systemController(Health health) {
        return new SystemController(health);
    }

    @Bean
    BreakersController breakersController(Breakers breakers) {
        return new BreakersController(breakers);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    SystemMeters systemMeters(PrometheusMeterRegistry meters) {
        return new SystemMeters(meters);
    }
}
