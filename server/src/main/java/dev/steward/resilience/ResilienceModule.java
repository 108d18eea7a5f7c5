package dev.steward.resilience;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Builds the breakers and what keeps them over restarts. Everything else of this room is made where it is used.
@Configuration(proxyBeanMethods = false)
public class ResilienceModule {

    /// Right after the database, before anything that calls out.
    private static final int PHASE = Integer.MIN_VALUE + 100;

    @Bean(destroyMethod = "")
    BreakerKeeper breakerKeeper(JdbcClient jdbc, ComponentRegistry components) {
        return new BreakerKeeper(new BreakerStore(jdbc), components.register("resilience", Tier.CORE));
    }

    @Bean
    Breakers breakers(ResilienceConfig config, InstantSource clock, BreakerKeeper keeper, MeterRegistry metrics) {
        var report = new BreakerReport(metrics);
        BreakerListener both = (breaker, from, to) -> {
            keeper.changed(breaker, from, to);
            report.changed(breaker, from, to);
        };
        return new Breakers(config.breaker(), clock, System::nanoTime, both);
    }

    @Bean
    RecoveryListener recoveryListener(MeterRegistry metrics) {
        return new RecoveryReport(metrics);
    }

    @Bean
    SmartLifecycle breakerStart(Breakers breakers, BreakerKeeper keeper) {
        return new KeepBreakers(breakers, keeper);
    }

    private static final class KeepBreakers implements SmartLifecycle {
        private final Breakers breakers;
        private final BreakerKeeper keeper;
        private volatile boolean running;

        KeepBreakers(Breakers breakers, BreakerKeeper keeper) {
            this.breakers = breakers;
            this.keeper = keeper;
        }

        @Override
        public void start() {
            keeper.start(breakers);
            running = true;
        }

        @Override
        public void stop() {
            keeper.close();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return PHASE;
        }
    }
}
