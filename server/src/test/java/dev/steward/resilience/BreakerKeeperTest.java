package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus;
import dev.steward.components.Tier;
import dev.steward.testing.Eventually;
import dev.steward.testing.TestClock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class BreakerKeeperTest {

    private static final class FakeMemory implements BreakerMemory {
        private final Map<String, SavedBreaker> rows = new ConcurrentHashMap<>();
        private volatile boolean down;

        @Override
        public List<SavedBreaker> load() {
            return List.copyOf(rows.values());
        }

        @Override
        public void save(List<SavedBreaker> breakers) {
            if (down) {
                throw new IllegalStateException("the database is down");
            }
            breakers.forEach(breaker -> rows.put(breaker.name(), breaker));
        }
    }

    private final TestClock clock = new TestClock();
    private final FakeMemory memory = new FakeMemory();
    private final ComponentRegistry components = new ComponentRegistry(clock);

    private Breakers start(BreakerKeeper keeper) {
        var breakers = new Breakers(BreakerConfig.defaults(), clock, new Ticker(), keeper);
        keeper.start(breakers);
        return breakers;
    }

    private static void open(Breakers breakers, String name) {
        for (int i = 0; i < 5; i++) {
            breakers.get(name).require().failed();
        }
    }

    @Test
    void anOpenedBreakerIsOpenAfterARestart() {
        try (var keeper = new BreakerKeeper(memory, components.register("first", Tier.CORE))) {
            open(start(keeper), "backend");
            Eventually.until("it is saved", () -> memory.rows.containsKey("backend"));
        }
        try (var keeper = new BreakerKeeper(memory, components.register("second", Tier.CORE))) {
            assertThat(start(keeper).status("backend"))
                    .hasValueSatisfying(s -> assertThat(s.state()).isEqualTo(CircuitBreaker.State.OPEN));
        }
    }

    @Test
    void closingWritesWhatIsLeft() {
        try (var keeper = new BreakerKeeper(memory, components.register("first", Tier.CORE))) {
            Breakers breakers = start(keeper);
            for (int i = 0; i < 50; i++) {
                open(breakers, "backend" + i);
            }
        }

        assertThat(memory.rows).hasSize(50);
    }

    @Test
    void whatCouldNotBeSavedIsSavedLaterAndBreakersWorkMeanwhile() {
        try (var keeper = new BreakerKeeper(memory, components.register("first", Tier.CORE))) {
            Breakers breakers = start(keeper);
            memory.down = true;
            open(breakers, "backend");
            Eventually.until(
                    "it is degraded", () -> components.statuses().getFirst().state() == ComponentStatus.State.DEGRADED);
            assertThat(breakers.get("backend").ask()).isInstanceOf(CircuitBreaker.Refused.class);

            memory.down = false;
            Eventually.until("it is saved", () -> memory.rows.containsKey("backend"));
            Eventually.until("it is up", () -> components.statuses().getFirst().state() == ComponentStatus.State.UP);
        }
    }
}
