package dev.steward.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.testing.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthTest {

    private final TestClock clock = new TestClock();
    private final ComponentRegistry components = new ComponentRegistry(clock);
    private final Health health = new Health(components);

    @Test
    void theWholeIsUpWhenEveryPartIs() {
        components.register("database", Tier.CORE).worked();
        components.register("memory", Tier.ESSENTIAL).worked();

        assertThat(health.overall()).isEqualTo(Health.Status.UP);
    }

    @Test
    void aLostPartOfALowerTierDegradesTheWholeButDoesNotTakeItDown() {
        components.register("database", Tier.CORE).worked();
        components.register("memory", Tier.ESSENTIAL).failed("gone");

        assertThat(health.overall()).isEqualTo(Health.Status.DEGRADED);
    }

    @Test
    void aLostCorePartTakesTheWholeDown() {
        components.register("database", Tier.CORE).failed("gone");

        assertThat(health.overall()).isEqualTo(Health.Status.DOWN);
    }

    @Test
    void withoutAnyModelTheProductIsDegradedNotDown() {
        components.register("database", Tier.CORE).worked();
        components.register("models", Tier.CORE).failed("no backend answers");

        assertThat(health.overall()).isEqualTo(Health.Status.DEGRADED);
    }

    @Test
    void aPartTellsSinceWhenItIsNotWellAndWhenItLastWorked() {
        var database = components.register("database", Tier.CORE);
        database.worked();
        clock.advance(Duration.ofMinutes(1));
        database.degraded("restarting");

        Health.Part part = health.part("database").orElseThrow();
        assertThat(part.status()).isEqualTo("degraded");
        assertThat(part.tier()).isEqualTo("core");
        assertThat(part.lastSuccess()).isEqualTo(TestClock.NOON);
        assertThat(part.since()).isEqualTo(TestClock.NOON.plusSeconds(60));
        assertThat(part.message()).isEqualTo("restarting");
    }
}
