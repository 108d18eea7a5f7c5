package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final Ticker ticker = new Ticker();
    private final RateLimiter<String> limiter = new RateLimiter<>(3, Duration.ofSeconds(1), 100, ticker);

    @Test
    void aBurstGoesThroughAndThenOneEachInterval() {
        var bucket = new TokenBucket(3, Duration.ofSeconds(1), ticker);
        assertThat(bucket.take().remaining()).isEqualTo(2);
        assertThat(bucket.take().remaining()).isEqualTo(1);
        assertThat(bucket.take().remaining()).isZero();
        assertThat(bucket.take()).isEqualTo(new TokenBucket.Take(false, 0, Duration.ofSeconds(1)));

        ticker.advance(Duration.ofMillis(400));
        assertThat(bucket.take().retryAfter()).isEqualTo(Duration.ofMillis(600));
        ticker.advance(Duration.ofMillis(600));
        assertThat(bucket.take().taken()).isTrue();
        assertThat(bucket.take().taken()).isFalse();
        ticker.advance(Duration.ofDays(300));
        assertThat(bucket.take().remaining()).isEqualTo(2);
    }

    @Test
    void keysDoNotDisturbEachOther() {
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.take("a").taken()).isTrue();
        }

        assertThat(limiter.take("a")).isEqualTo(new TokenBucket.Take(false, 0, Duration.ofSeconds(1)));
        assertThat(limiter.take("b").remaining()).isEqualTo(2);
    }

    @Test
    void aRefusedTakeCostsNothing() {
        for (int i = 0; i < 100; i++) {
            limiter.take("a");
        }
        ticker.advance(Duration.ofSeconds(1));

        assertThat(limiter.take("a").taken()).isTrue();
        assertThat(limiter.take("a").taken()).isFalse();
    }

    @Test
    void aFloodOfKeysIsBoundedAndThrottlesItself() {
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += limiter.take("made-up " + i).taken() ? 1 : 0;
        }

        assertThat(limiter.keys()).isEqualTo(100);
        assertThat(taken).isEqualTo(103);
        assertThat(limiter.take("made-up 0").remaining()).isEqualTo(1);
    }

    @Test
    void keysAtRestAreForgotten() {
        for (int i = 0; i < 100; i++) {
            limiter.take("old " + i);
        }
        ticker.advance(Duration.ofSeconds(5));

        assertThat(limiter.take("new").remaining()).isEqualTo(2);
        assertThat(limiter.keys()).isEqualTo(1);
    }

    @Test
    void underLoadKeysComeAtAShareOfTheirRate() {
        limiter.slowTo(0.1);
        for (int i = 0; i < 3; i++) {
            limiter.take("a");
        }

        assertThat(limiter.take("a").retryAfter()).isEqualTo(Duration.ofSeconds(10));
    }
}
