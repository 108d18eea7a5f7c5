package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.resilience.AdaptiveLimit.Reason;
import dev.steward.resilience.AdaptiveLimit.Refused;
import dev.steward.resilience.AdaptiveLimit.Slot;
import dev.steward.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

    private static final Deadline LATER = Deadline.in(Duration.ofMinutes(5));

    private static AdaptiveLimit limit(int calls, int queue) {
        return new AdaptiveLimit(new AdaptiveLimitConfig(calls, 1, 200, queue, Duration.ofMinutes(1)));
    }

    private static Slot slot(AdaptiveLimit limit) throws InterruptedException {
        return (Slot) limit.enter(Importance.NORMAL, LATER);
    }

    /// Keeps `load` calls under way, as far as the limit lets it, that take `millis` each.
    private static void work(AdaptiveLimit limit, int rounds, int load, long millis) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            List<Slot> slots = new ArrayList<>();
            int calls = Math.min(load, limit.status().limit());
            for (int j = 0; j < calls; j++) {
                slots.add(slot(limit));
            }
            for (Slot slot : slots) {
                slot.measured(Duration.ofMillis(millis));
            }
            slots.forEach(Slot::close);
        }
    }

    @Test
    void theLimitGrowsWhileTheBackendStaysFast() throws InterruptedException {
        AdaptiveLimit limit = limit(20, 0);
        work(limit, 50, 200, 10);

        assertThat(limit.status().limit()).isGreaterThan(100);
    }

    @Test
    void theLimitSinksWhenTheBackendBecomesSlow() throws InterruptedException {
        AdaptiveLimit limit = limit(100, 0);
        work(limit, 20, 200, 10);
        int before = limit.status().limit();
        work(limit, 3, 200, 200);

        assertThat(limit.status().limit()).isLessThan(before / 2);
    }

    @Test
    void aLittleLoadDoesNotMoveTheLimit() throws InterruptedException {
        AdaptiveLimit limit = limit(20, 0);
        work(limit, 100, 2, 10);

        assertThat(limit.status().limit()).isEqualTo(20);
    }

    @Test
    void aRefusalOfTheBackendLowersTheLimitAtOnceButNotBelowTheLeast() throws InterruptedException {
        AdaptiveLimit limit = limit(20, 0);
        try (Slot slot = slot(limit)) {
            slot.overloaded();
            assertThat(limit.status().limit()).isEqualTo(18);
            for (int i = 0; i < 100; i++) {
                slot.overloaded();
            }
            assertThat(limit.status().limit()).isEqualTo(1);
        }
    }

    @Test
    void aFullQueueRefusesAtOnceAndSaysWhenToComeBack() throws InterruptedException {
        AdaptiveLimit limit = limit(1, 0);
        try (Slot _ = slot(limit)) {
            assertThat(limit.enter(Importance.CRITICAL, LATER))
                    .isEqualTo(new Refused(Reason.QUEUE_FULL, Duration.ofSeconds(1)));
        }
        assertThat(limit.status().inFlight()).isZero();
    }

    @Test
    void whoWaitsPastTheDeadlineIsRefused() throws InterruptedException {
        AdaptiveLimit limit = limit(1, 5);
        try (Slot _ = slot(limit)) {
            assertThat(limit.enter(Importance.NORMAL, Deadline.in(Duration.ofMillis(20))))
                    .isInstanceOfSatisfying(
                            Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.WAITED_TOO_LONG));
            assertThat(limit.status().waiting()).isZero();
        }
    }

    @Test
    void importantWorkGoesFirstAndEqualsInTheOrderOfTheirComing() throws InterruptedException {
        AdaptiveLimit limit = limit(1, 10);
        var order = new ConcurrentLinkedQueue<String>();
        Slot first = slot(limit);
        List<Thread> waiters = new ArrayList<>();
        List<Importance> comers = List.of(
                Importance.BACKGROUND,
                Importance.NORMAL,
                Importance.NORMAL,
                Importance.CRITICAL,
                Importance.BACKGROUND);
        for (int i = 0; i < comers.size(); i++) {
            Importance importance = comers.get(i);
            String name = importance + " " + i;
            waiters.add(Thread.ofVirtual().start(() -> {
                try (Slot _ = (Slot) limit.enter(importance, LATER)) {
                    order.add(name);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            int expected = i + 1;
            Eventually.until("it waits", () -> limit.status().waiting() == expected);
        }
        first.close();
        for (Thread waiter : waiters) {
            waiter.join();
        }

        assertThat(order).containsExactly("CRITICAL 3", "NORMAL 1", "NORMAL 2", "BACKGROUND 0", "BACKGROUND 4");
        assertThat(limit.status().inFlight()).isZero();
    }

    @Test
    void backgroundWorkFillsHalfOfTheQueueOnly() throws InterruptedException {
        AdaptiveLimit limit = limit(1, 2);
        try (Slot _ = slot(limit)) {
            Thread waiter = Thread.ofVirtual().start(() -> enter(limit, Importance.BACKGROUND));
            Eventually.until("it waits", () -> limit.status().waiting() == 1);

            assertThat(limit.enter(Importance.BACKGROUND, LATER)).isInstanceOf(Refused.class);
            Thread critical = Thread.ofVirtual().start(() -> enter(limit, Importance.CRITICAL));
            Eventually.until("both wait", () -> limit.status().waiting() == 2);
            waiter.interrupt();
            critical.interrupt();
            waiter.join();
            critical.join();
            assertThat(limit.status().waiting()).isZero();
        }
    }

    private static void enter(AdaptiveLimit limit, Importance importance) {
        try {
            assertThat(limit.enter(importance, LATER)).isNotNull();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSlotIsGivenBackOnce() throws InterruptedException {
        AdaptiveLimit limit = limit(2, 0);
        Slot slot = slot(limit);
        try (Slot _ = slot(limit)) {
            slot.close();
            slot.close();
            assertThat(limit.status().inFlight()).isEqualTo(1);
        }
    }
}
