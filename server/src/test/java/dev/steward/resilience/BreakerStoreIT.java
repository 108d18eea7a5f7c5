package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.PostgresFixture;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BreakerStoreIT {

    @AutoClose
    static final PostgresFixture POSTGRES = PostgresFixture.create();

    @Test
    void theLastStateOfEachBreakerComesBack() {
        var store = new BreakerStore(POSTGRES.jdbc());
        var open = new SavedBreaker(
                "a", CircuitBreaker.State.OPEN, 5, TestClock.NOON, TestClock.NOON.plus(Duration.ofSeconds(60)));
        var closed = new SavedBreaker("b", CircuitBreaker.State.CLOSED, 0, null, null);
        store.save(List.of(new SavedBreaker("a", CircuitBreaker.State.CLOSED, 0, null, null), closed));
        store.save(List.of(open));

        assertThat(store.load()).containsExactlyInAnyOrder(open, closed);
    }
}
