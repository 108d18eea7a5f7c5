package dev.steward.resilience;

import static dev.steward.resilience.RecoveryLevel.BACKOFF_RETRY;
import static dev.steward.resilience.RecoveryLevel.DEGRADED;
import static dev.steward.resilience.RecoveryLevel.FALLBACK;
import static dev.steward.resilience.RecoveryLevel.IMMEDIATE_RETRY;
import static dev.steward.resilience.RecoveryLevel.MANUAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.resilience.RecoveryLadder.Climb;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecoveryLadderTest {

    private final Ticker ticker = new Ticker();
    private final TestClock clock = new TestClock();
    private final List<RecoveryAttempt> heard = new ArrayList<>();
    private final List<RecoveryLevel> asked = new ArrayList<>();

    private RecoveryLadder ladder(RecoveryLadder.Order order) {
        return new RecoveryLadder(order, heard::add, clock, ticker);
    }

    private List<String> told() {
        return heard.stream().map(a -> a.strategy().level() + " " + a.outcome()).toList();
    }

    private RecoveryLadder.Strategies only(RecoveryLevel... levels) {
        Set<RecoveryLevel> applies = EnumSet.copyOf(List.of(levels));
        return level -> {
            asked.add(level);
            return applies.contains(level);
        };
    }

    @Test
    void thereAreFiveLevelsFromTheCheapestToThePerson() {
        assertThat(RecoveryLadder.DEFAULT_ORDER)
                .containsExactly(IMMEDIATE_RETRY, BACKOFF_RETRY, FALLBACK, DEGRADED, MANUAL);
    }

    @Test
    void whatWorksAtOnceIsNotTold() {
        Climb climb = ladder(RecoveryLadder.Order.DEFAULT).climb();

        climb.worked();

        assertThat(heard).isEmpty();
        assertThat(climb.level()).isEmpty();
    }

    @Test
    void theFirstStrategyThatAppliesIsBegun() throws InterruptedException {
        Climb climb = ladder(RecoveryLadder.Order.DEFAULT).climb();

        assertThat(climb.next("first", "timeout", only(FALLBACK, DEGRADED))).contains(FALLBACK);

        assertThat(asked).containsExactly(IMMEDIATE_RETRY, BACKOFF_RETRY, FALLBACK);
        assertThat(climb.level()).contains(FALLBACK);
        assertThat(heard).isEmpty();
    }

    @Test
    void aTryThatHelpsIsToldWithItsComponentKindAndTime() throws InterruptedException {
        Climb climb = ladder(RecoveryLadder.Order.DEFAULT).climb();
        climb.next("first", "timeout", level -> {
            ticker.advance(Duration.ofSeconds(1));
            return level == BACKOFF_RETRY;
        });
        ticker.advance(Duration.ofSeconds(3));

        climb.worked();

        assertThat(heard)
                .containsExactly(new RecoveryAttempt(
                        "first",
                        "timeout",
                        BACKOFF_RETRY,
                        RecoveryAttempt.Outcome.RECOVERED,
                        clock.instant(),
                        Duration.ofSeconds(5)));
        assertThat(climb.level()).isEmpty();
    }

    @Test
    void everyTryThatDoesNotHelpIsToldBeforeTheNextBegins() throws InterruptedException {
        Climb climb = ladder(RecoveryLadder.Order.DEFAULT).climb();
        climb.next("first", "timeout", only(IMMEDIATE_RETRY));
        climb.next("first", "timeout", only(BACKOFF_RETRY));
        climb.next("second", "protocol", only(BACKOFF_RETRY));
        assertThat(climb.next("second", "protocol", _ -> false)).isEmpty();

        assertThat(told()).containsExactly("1 FAILED", "2 FAILED", "2 FAILED");
        assertThat(heard).extracting(RecoveryAttempt::component).containsExactly("first", "first", "second");
        climb.worked();
        assertThat(heard).hasSize(3);
    }

    @Test
    void theOrderIsAParameterOfTheComponentAndTheKindOfError() throws InterruptedException {
        RecoveryLadder ladder = ladder((component, kind) ->
                component.equals("first") && kind.equals("timeout") ? List.of(FALLBACK, IMMEDIATE_RETRY) : List.of());

        assertThat(ladder.climb().next("first", "timeout", _ -> true)).contains(FALLBACK);
        assertThat(ladder.climb().next("first", "protocol", _ -> true)).isEmpty();
    }

    @Test
    void whoIsInterruptedWhileWaitingTriesNothingMore() {
        Climb climb = ladder(RecoveryLadder.Order.DEFAULT).climb();

        assertThatThrownBy(() -> climb.next("first", "timeout", _ -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(climb.level()).isEmpty();
        assertThat(heard).isEmpty();
    }
}
