package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.resilience.CircuitBreaker.Permit;
import dev.steward.resilience.CircuitBreaker.Refused;
import dev.steward.resilience.CircuitBreaker.State;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private final TestClock clock = new TestClock();
    private final Ticker ticker = new Ticker();
    private final List<String> changes = new ArrayList<>();
    private final CircuitBreaker breaker = breaker();

    private CircuitBreaker breaker() {
        return new CircuitBreaker(
                "ollama_alpha", BreakerConfig.defaults(), clock, ticker, (_, from, to) -> changes.add(from + ">" + to));
    }

    private void pass(Duration time) {
        clock.advance(time);
        ticker.advance(time);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.require().failed();
        }
    }

    private void open() {
        fail(5);
    }

    @Test
    void fiveFailuresInARowOpenIt() {
        fail(4);
        assertThat(breaker.status().state()).isEqualTo(State.CLOSED);
        assertThat(breaker.status().failureCount()).isEqualTo(4);

        fail(1);
        BreakerStatus status = breaker.status();
        assertThat(status.state()).isEqualTo(State.OPEN);
        assertThat(status.failureCount()).isEqualTo(5);
        assertThat(status.lastFailure()).contains(TestClock.NOON);
        assertThat(status.timeUntilRetry()).isEqualTo(Duration.ofSeconds(60));
        assertThat(changes).containsExactly("CLOSED>OPEN");
    }

    @Test
    void aSuccessInBetweenSetsTheCountToZero() {
        fail(4);
        breaker.require().succeeded();
        fail(4);

        assertThat(breaker.status().state()).isEqualTo(State.CLOSED);
        assertThat(breaker.status().failureCount()).isEqualTo(4);
    }

    @Test
    void openLetsNothingThroughUntilTheTimeHasPassed() {
        open();
        pass(Duration.ofSeconds(59));

        assertThat(breaker.ask()).isEqualTo(new Refused("ollama_alpha", Duration.ofSeconds(1)));
        assertThatThrownBy(breaker::require).isInstanceOfSatisfying(CircuitOpenException.class, e -> {
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(e.breaker()).isEqualTo("ollama_alpha");
        });

        pass(Duration.ofSeconds(1));
        assertThat(breaker.ask()).isInstanceOf(Permit.class);
        assertThat(breaker.status().state()).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void halfOpenLetsOneProbeThroughAtATime() {
        open();
        pass(Duration.ofSeconds(60));
        Permit probe = breaker.require();

        assertThat(breaker.ask()).isInstanceOf(Refused.class);
        probe.succeeded();
        assertThat(breaker.status().successCount()).isEqualTo(1);
        assertThat(breaker.ask()).isInstanceOf(Permit.class);
        assertThat(breaker.ask()).isInstanceOf(Refused.class);
    }

    @Test
    void twoSuccessfulProbesCloseIt() {
        open();
        pass(Duration.ofSeconds(60));
        breaker.require().succeeded();
        breaker.require().succeeded();

        assertThat(breaker.status().state()).isEqualTo(State.CLOSED);
        assertThat(breaker.status().failureCount()).isZero();
        assertThat(breaker.status().successCount()).isZero();
        assertThat(changes).containsExactly("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>CLOSED");
    }

    @Test
    void aFailedProbeOpensItAnewForTheWholeTime() {
        open();
        pass(Duration.ofSeconds(60));
        breaker.require().succeeded();
        breaker.require().failed();

        assertThat(breaker.status().state()).isEqualTo(State.OPEN);
        assertThat(breaker.status().timeUntilRetry()).isEqualTo(Duration.ofSeconds(60));
        assertThat(breaker.status().failureCount()).isEqualTo(6);

        pass(Duration.ofSeconds(60));
        breaker.require().succeeded();
        assertThat(breaker.status().state()).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void anAbandonedProbeMakesRoomForTheNext() {
        open();
        pass(Duration.ofSeconds(60));
        try (Permit probe = breaker.require()) {
            assertThat(probe).isNotNull();
        }

        assertThat(breaker.status().state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.ask()).isInstanceOf(Permit.class);
    }

    @Test
    void aSilentProbeIsGivenUpAndItsLateReportCountsNoMore() {
        open();
        pass(Duration.ofSeconds(60));
        Permit silent = breaker.require();
        pass(Duration.ofSeconds(60));
        Permit next = breaker.require();
        silent.failed();

        assertThat(breaker.status().state()).isEqualTo(State.HALF_OPEN);
        next.succeeded();
        assertThat(breaker.status().successCount()).isEqualTo(1);
    }

    @Test
    void whatStartedBeforeItOpenedChangesNothingAfter() {
        Permit early = breaker.require();
        Permit other = breaker.require();
        open();
        early.succeeded();
        assertThat(breaker.status().state()).isEqualTo(State.OPEN);

        pass(Duration.ofSeconds(60));
        breaker.require().succeeded();
        other.failed();
        assertThat(breaker.status().state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.status().successCount()).isEqualTo(1);
    }

    @Test
    void onlyTheFirstReportOfAPermitCounts() {
        Permit permit = breaker.require();
        for (int i = 0; i < 10; i++) {
            permit.failed();
        }

        assertThat(breaker.status().failureCount()).isEqualTo(1);
    }

    @Test
    void resetClosesItAtOnce() {
        Permit early = breaker.require();
        open();
        breaker.reset();
        early.failed();

        assertThat(breaker.status())
                .isEqualTo(new BreakerStatus(
                        "ollama_alpha", State.CLOSED, 0, 0, java.util.Optional.empty(), Duration.ZERO));
        assertThat(breaker.ask()).isInstanceOf(Permit.class);
    }

    @Test
    void anOpenBreakerStaysOpenOverARestartForTheRestOfItsTime() {
        open();
        SavedBreaker saved = breaker.saved();
        pass(Duration.ofSeconds(20));
        CircuitBreaker restarted = breaker();
        restarted.restore(saved);

        assertThat(restarted.status().state()).isEqualTo(State.OPEN);
        assertThat(restarted.status().timeUntilRetry()).isEqualTo(Duration.ofSeconds(40));
        assertThat(restarted.status().failureCount()).isEqualTo(5);
    }

    @Test
    void anOpenBreakerWhoseTimeHasPassedIsHalfOpenAfterARestart() {
        open();
        SavedBreaker saved = breaker.saved();
        pass(Duration.ofSeconds(61));
        CircuitBreaker restarted = breaker();
        restarted.restore(saved);

        assertThat(restarted.status().state()).isEqualTo(State.HALF_OPEN);
        assertThat(restarted.ask()).isInstanceOf(Permit.class);
    }

    @Test
    void aClockSetBackKeepsItOpenNoLongerThanItsTime() {
        open();
        SavedBreaker saved = breaker.saved();
        clock.set(TestClock.NOON.minus(Duration.ofDays(365)));
        CircuitBreaker restarted = breaker();
        restarted.restore(saved);

        assertThat(restarted.status().timeUntilRetry()).isEqualTo(Duration.ofSeconds(60));
    }
}
