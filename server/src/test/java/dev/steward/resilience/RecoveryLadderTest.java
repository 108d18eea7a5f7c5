package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.resilience.RecoveryLadder.Result;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryLadderTest {

    private final Ticker ticker = new Ticker();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<RecoveryAttempt> heard = new ArrayList<>();
    private int failuresLeft;

    private RecoveryLadder ladder(List<RecoveryLevel> order) {
        Pause pause = time -> {
            pauses.add(time);
            ticker.advance(time);
        };
        return new RecoveryLadder((_, _) -> order, heard::add, pause, new TestClock(), ticker);
    }

    private Recoverable<String> operation(boolean repeatable, Recoverable.@Nullable Action<String> fallback) {
        return new Recoverable<>(
                "first",
                () -> {
                    if (failuresLeft-- > 0) {
                        throw new IllegalStateException("down");
                    }
                    return "answer";
                },
                repeatable,
                _ -> "connection",
                fallback,
                null);
    }

    private Result<String> run(Recoverable<String> operation, Duration time) throws InterruptedException {
        return ladder(RecoveryLadder.DEFAULT_ORDER).run(operation, Deadline.in(time, ticker));
    }

    private List<String> told() {
        return heard.stream().map(a -> a.strategy().level() + " " + a.outcome()).toList();
    }

    @Test
    void whatWorksAtOnceNeedsNoRecovery() throws InterruptedException {
        assertThat(run(operation(true, null), Duration.ofHours(1))).isEqualTo(new Result.Worked<>("answer"));
        assertThat(heard).isEmpty();
    }

    @Test
    void theFirstLevelWaitsATenthOfASecondAndTriesOnce() throws InterruptedException {
        failuresLeft = 1;

        assertThat(run(operation(true, null), Duration.ofHours(1)))
                .isInstanceOfSatisfying(Result.Recovered.class, r -> {
                    assertThat(r.value()).isEqualTo("answer");
                    assertThat(r.level()).isEqualTo(RecoveryLevel.IMMEDIATE_RETRY);
                });
        assertThat(pauses).containsExactly(Duration.ofMillis(100));
        assertThat(heard.getFirst().took()).isEqualTo(Duration.ofMillis(100));
        assertThat(heard.getFirst().component()).isEqualTo("first");
        assertThat(heard.getFirst().errorKind()).isEqualTo("connection");
    }

    @Test
    void theSecondLevelBacksOffFromOneToSixteenSeconds() throws InterruptedException {
        failuresLeft = 6;

        assertThat(run(operation(true, null), Duration.ofHours(1))).isInstanceOf(Result.Recovered.class);
        assertThat(pauses.stream().map(Duration::toMillis))
                .containsExactly(100L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L);
    }

    @Test
    void whenNothingHelpsAPersonMustLookAndTheFirstFailureIsTold() throws InterruptedException {
        failuresLeft = 100;

        assertThat(run(operation(true, null), Duration.ofHours(1)))
                .isInstanceOfSatisfying(
                        Result.Unrecovered.class, r -> assertThat(r.failure()).hasMessage("down"));
        assertThat(told())
                .containsExactly(
                        "1 FAILED",
                        "2 FAILED",
                        "2 FAILED",
                        "2 FAILED",
                        "2 FAILED",
                        "2 FAILED",
                        "3 SKIPPED",
                        "4 SKIPPED",
                        "5 FAILED");
    }

    @Test
    void whatMustNotBeRepeatedIsNot() throws InterruptedException {
        failuresLeft = 1;

        assertThat(run(operation(false, () -> "cached"), Duration.ofHours(1)))
                .isInstanceOfSatisfying(Result.Recovered.class, r -> {
                    assertThat(r.value()).isEqualTo("cached");
                    assertThat(r.level()).isEqualTo(RecoveryLevel.FALLBACK);
                });
        assertThat(told()).containsExactly("1 SKIPPED", "2 SKIPPED", "3 RECOVERED");
        assertThat(pauses).isEmpty();
    }

    @Test
    void noRetryIsBegunThatWouldEndAfterTheDeadline() throws InterruptedException {
        failuresLeft = 100;
        run(operation(true, () -> "cached"), Duration.ofMillis(1_500));

        assertThat(told()).containsExactly("1 FAILED", "2 FAILED", "2 SKIPPED", "3 RECOVERED");
    }

    @Test
    void theOrderIsTheCallers() throws InterruptedException {
        failuresLeft = 1;
        ladder(List.of(RecoveryLevel.FALLBACK, RecoveryLevel.IMMEDIATE_RETRY))
                .run(operation(true, null), Deadline.in(Duration.ofHours(1), ticker));

        assertThat(told()).containsExactly("3 SKIPPED", "1 RECOVERED");
    }
}
