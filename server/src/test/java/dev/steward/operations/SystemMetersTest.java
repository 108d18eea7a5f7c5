package dev.steward.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class SystemMetersTest {

    @Test
    void theMachinesFiguresArePlausible() {
        var registry = new SimpleMeterRegistry();
        try (var meters = new SystemMeters(registry)) {
            meters.start();

            assertThat(registry.get("system.cpu.usage").gauge().value()).isBetween(0.0, 1.0);
            assertThat(registry.get("system.memory.usage").gauge().value()).isBetween(0.0001, 1.0);
            Eventually.until(
                    "the lag was sampled",
                    () -> registry.get("system.event.loop.lag").timeGauge().value() > 0);
        }
    }
}
