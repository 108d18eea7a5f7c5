package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.steward.base.StewardException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {

    private static final InetAddress HERE = InetAddress.ofLiteral("203.0.113.1");
    private static final InetAddress THERE = InetAddress.ofLiteral("198.51.100.1");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SignInThrottle throttle = new SignInThrottle(now::get);

    @Test
    void theWaitDoublesUpToAMinute() {
        fail(HERE, "a", 5);
        for (int expected : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(waitSeconds(HERE, "a")).isEqualTo(expected);
            now.addAndGet(Duration.ofSeconds(expected).toNanos());
            throttle.check(HERE, "a");
            throttle.failed(HERE, "a");
        }
    }

    @Test
    void aStrangerElsewhereLocksNobodyOut() {
        fail(HERE, "a", 15);

        assertThatCode(() -> throttle.check(THERE, "a")).doesNotThrowAnyException();
    }

    @Test
    void oneNetworkCantGuessManyAccountsForLong() {
        for (int i = 0; i < 20; i++) {
            throttle.failed(HERE, "account" + i);
        }

        assertThatExceptionOfType(StewardException.class).isThrownBy(() -> throttle.check(HERE, "another"));
        throttle.succeeded(HERE, "account1");
        assertThatExceptionOfType(StewardException.class).isThrownBy(() -> throttle.check(HERE, "another"));
    }

    @Test
    void aGoodPasswordForgetsTheMistypedOnes() {
        fail(HERE, "a", 5);

        throttle.succeeded(HERE, "a");

        assertThatCode(() -> throttle.check(HERE, "a")).doesNotThrowAnyException();
    }

    @Test
    void inAnHourOneNetworkGetsFewGuessesThrough() {
        int guesses = 0;
        for (int second = 0; second < 3600; second++) {
            try {
                throttle.check(HERE, "a");
                throttle.failed(HERE, "a");
                guesses++;
            } catch (StewardException _) {
                // Waits, as a guesser would.
            }
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(guesses).isLessThan(100);
    }

    private void fail(InetAddress address, String account, int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed(address, account);
        }
    }

    private long waitSeconds(InetAddress address, String account) {
        try {
            throttle.check(address, account);
            return 0;
        } catch (StewardException e) {
            return e.retryAfter().orElseThrow().toSeconds();
        }
    }
}
