package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkheadTest {

    private final Bulkhead bulkhead = new Bulkhead(2, Wording.read("Too many at once."), Duration.ofSeconds(3));

    @Test
    void neverMoreAreAtWorkThanThereArePlacesAndAllGetTheirTurn() {
        var atWork = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < 50; i++) {
            callers.add(Thread.startVirtualThread(() -> done.addAndGet(bulkhead.call(() -> {
                most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                atWork.decrementAndGet();
                return 1;
            }))));
        }
        Eventually.until("all have had their turn", () -> callers.stream().noneMatch(Thread::isAlive));
        assertThat(done).hasValue(50);
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void workThatFailsGivesItsPlaceBack() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> bulkhead.call(() -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
        }
        assertThat(bulkhead.call(() -> "in")).isEqualTo("in");
    }

    @Test
    void aCallerWhoIsInterruptedWhileWaitingIsToldWhenToComeAgain() throws InterruptedException {
        var full = new CountDownLatch(2);
        var leave = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            Thread.startVirtualThread(() -> bulkhead.call(() -> {
                full.countDown();
                return awaitQuietly(leave);
            }));
        }
        full.await();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> bulkhead.call(() -> "never"))
                .isInstanceOfSatisfying(StewardException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(3));
                })
                .hasMessage("Too many at once.");
        assertThat(Thread.interrupted()).isTrue();
        leave.countDown();
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
