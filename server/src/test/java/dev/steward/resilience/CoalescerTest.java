package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.resilience.Coalescer.Outcome;
import dev.steward.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoalescerTest {

    private static final Deadline LATER = Deadline.in(Duration.ofMinutes(5));

    private final Coalescer<String, String> coalescer = new Coalescer<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Queue<Outcome<String>> outcomes = new ConcurrentLinkedQueue<>();

    private String call() throws InterruptedException {
        calls.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            cancelled.set(true);
            throw e;
        }
        return "answer";
    }

    private Thread waiter(String key, Coalescer.Call<String> call) {
        return Thread.ofVirtual().start(() -> {
            try {
                outcomes.add(coalescer.get(key, LATER, call));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private List<Thread> waiters(int count) {
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiters.add(waiter("k", this::call));
            int expected = i + 1;
            Eventually.until("they wait", () -> coalescer.waiting("k") == expected);
        }
        return waiters;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void thirtyTwoIdenticalRequestsMakeOneCall() throws InterruptedException {
        List<Thread> waiters = waiters(32);
        gate.countDown();
        join(waiters);

        assertThat(calls).hasValue(1);
        assertThat(outcomes).hasSize(32).containsOnly(new Outcome.Done<>("answer"));
        assertThat(coalescer.inFlight()).isZero();
    }

    @Test
    void differentRequestsMakeCallsOfTheirOwn() throws InterruptedException {
        gate.countDown();
        join(List.of(waiter("a", this::call), waiter("b", this::call)));

        assertThat(calls).hasValue(2);
    }

    @Test
    void nothingIsKeptAfterTheCall() throws InterruptedException {
        gate.countDown();
        coalescer.get("k", LATER, this::call);
        coalescer.get("k", LATER, this::call);

        assertThat(calls).hasValue(2);
    }

    @Test
    void whoLeavesDoesNotDisturbTheOthers() throws InterruptedException {
        List<Thread> waiters = waiters(3);
        waiters.getFirst().interrupt();
        waiters.getFirst().join();
        gate.countDown();
        join(waiters);

        assertThat(outcomes).hasSize(2).containsOnly(new Outcome.Done<>("answer"));
        assertThat(cancelled).isFalse();
    }

    @Test
    void theCallIsCancelledWhenNobodyWaitsAnyMore() throws InterruptedException {
        List<Thread> waiters = waiters(3);
        waiters.forEach(Thread::interrupt);
        join(waiters);

        Eventually.until("the call is cancelled", cancelled::get);
        assertThat(coalescer.inFlight()).isZero();
    }

    @Test
    void whoComesAfterACancelledCallGetsANewOne() throws InterruptedException {
        Thread leaver = waiters(1).getFirst();
        leaver.interrupt();
        leaver.join();

        assertThat(coalescer.get("k", LATER, () -> "new")).isEqualTo(new Outcome.Done<>("new"));
    }

    @Test
    void aDeadlineEndsTheWaitOnlyForItsOwner() throws InterruptedException {
        List<Thread> waiters = waiters(1);

        assertThat(coalescer.get("k", Deadline.in(Duration.ofMillis(10)), this::call))
                .isEqualTo(new Outcome.TooLate<>());
        gate.countDown();
        join(waiters);
        assertThat(outcomes).containsExactly(new Outcome.Done<>("answer"));
    }

    @Test
    void aFailureIsSharedAsAFailure() throws InterruptedException {
        var failure = new IllegalStateException("broken");
        Coalescer.Call<String> failing = () -> {
            calls.incrementAndGet();
            gate.await();
            throw failure;
        };
        List<Thread> waiters = new ArrayList<>(List.of(waiter("k", failing)));
        Eventually.until("one waits", () -> coalescer.waiting("k") == 1);
        waiters.add(waiter("k", failing));
        Eventually.until("two wait", () -> coalescer.waiting("k") == 2);
        gate.countDown();
        join(waiters);

        assertThat(calls).hasValue(1);
        assertThat(outcomes).hasSize(2).containsOnly(new Outcome.Failed<>(failure));
    }

    @Test
    void anInterruptedCallerDoesNotEvenWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> coalescer.get("k", LATER, this::call)).isInstanceOf(InterruptedException.class);
        Eventually.until("nothing is in flight", () -> coalescer.inFlight() == 0);
    }
}
