package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.resilience.RetryPolicy.Decision;
import dev.steward.resilience.RetryPolicy.Reason;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryTest {

    private final Ticker ticker = new Ticker();
    private final RetryPolicy policy = RetryPolicy.defaults();
    private final RetryBudget budget = new RetryBudget(ticker);
    private final Random random = new Random(1);

    private Decision decide(int made, @Nullable Duration retryAfter, Duration left) {
        return policy.decide(made, retryAfter, Deadline.in(left, ticker), new RetryBudget(ticker), random);
    }

    @Test
    void waitsAreSpreadOverTheWholeRangeUpToTheCeiling() {
        long below = 0;
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 1_000; i++) {
            Duration wait = ((Decision.Again) decide(2, null, Duration.ofHours(1))).delay();
            assertThat(wait).isBetween(Duration.ZERO, Duration.ofSeconds(2));
            longest = longest.compareTo(wait) < 0 ? wait : longest;
            below += wait.compareTo(Duration.ofSeconds(1)) < 0 ? 1 : 0;
        }

        assertThat(below).isBetween(400L, 600L);
        assertThat(longest).isGreaterThan(Duration.ofMillis(1_900));
    }

    @Test
    void ceilingsDoubleUpToTheMost() {
        assertThat(policy.ceiling(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.ceiling(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.ceiling(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.ceiling(5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.ceiling(5_000)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void retryAfterIsTheLeastWait() {
        for (int i = 0; i < 100; i++) {
            assertThat(((Decision.Again) decide(1, Duration.ofSeconds(7), Duration.ofHours(1))).delay())
                    .isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void theThirdFailureIsTheLast() {
        assertThat(decide(3, null, Duration.ofHours(1))).isEqualTo(new Decision.GiveUp(Reason.ATTEMPTS));
    }

    @Test
    void aWaitThatEndsAfterTheDeadlineIsNotBegun() {
        assertThat(decide(1, Duration.ofSeconds(7), Duration.ofSeconds(6)))
                .isEqualTo(new Decision.GiveUp(Reason.DEADLINE));
        assertThat(decide(1, Duration.ofDays(2), Duration.ofDays(3)))
                .isEqualTo(new Decision.GiveUp(Reason.RETRY_AFTER));
    }

    @Test
    void inAnOutageRetriesStayNearATenthOfTheCalls() {
        int retries = 0;
        for (int i = 0; i < 10_000; i++) {
            budget.called();
            for (int attempt = 1; attempt < 3; attempt++) {
                retries += budget.tryRetry() ? 1 : 0;
            }
        }

        assertThat(retries).isBetween(1_000, 1_000 + RetryBudget.TOKENS_MAX);
    }

    @Test
    void aSingleCallMayBeRetriedAlsoAfterTheBudgetWasUsedUp() {
        while (budget.tryRetry()) {
            // uses it up
        }
        assertThat(budget.tryRetry()).isFalse();

        ticker.advance(Duration.ofSeconds(RetryBudget.TRICKLE_SECONDS));
        assertThat(budget.tryRetry()).isTrue();
        assertThat(budget.tryRetry()).isFalse();
        ticker.advance(Duration.ofDays(365));
        assertThat(budget.tokens()).isEqualTo(RetryBudget.TOKENS_MAX);
    }

    @Test
    void anEmptyBudgetGivesUp() {
        while (budget.tryRetry()) {
            // uses it up
        }

        assertThat(policy.decide(1, null, Deadline.in(Duration.ofHours(1), ticker), budget, random))
                .isEqualTo(new Decision.GiveUp(Reason.BUDGET));
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ZERO, 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(3, Duration.ZERO, Double.NaN, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDeadlineCountsDownAndNeverGrows() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(10), ticker);
        ticker.advance(Duration.ofSeconds(4));

        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(6));
        assertThat(deadline.sooner(Duration.ofSeconds(60)).left()).isEqualTo(Duration.ofSeconds(6));
        assertThat(deadline.sooner(Duration.ofSeconds(1)).left()).isEqualTo(Duration.ofSeconds(1));
        ticker.advance(Duration.ofSeconds(60));
        assertThat(deadline.passed()).isTrue();
        assertThat(deadline.left()).isZero();
        assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE), ticker).left())
                .isEqualTo(Deadline.AHEAD_MAX);
    }
}
