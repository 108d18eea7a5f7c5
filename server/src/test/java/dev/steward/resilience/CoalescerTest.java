package dev.steward.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoalescerTest {

    private final Coalescer<String, String> coalescer = new Coalescer<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Queue<String> results = new ConcurrentLinkedQueue<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    /// A call that lasts until the gate opens or it is cancelled.
    private final class Held implements Coalescer.Call<String> {

        @Override
        public String run() throws InterruptedException {
            calls.incrementAndGet();
            gate.await();
            if (cancelled.get()) {
                throw new IllegalStateException("cancelled");
            }
            return "answer";
        }

        @Override
        public void cancel() {
            cancelled.set(true);
            gate.countDown();
        }
    }

    /// A participant on a thread of its own.
    private final class Rider {
        private final Coalescer<String, String>.Seat seat;
        private final Thread thread;

        Rider(String key, Supplier<Coalescer.Call<String>> call) {
            var joined = new CompletableFuture<Coalescer<String, String>.Seat>();
            thread = Thread.ofVirtual().start(() -> {
                try (Coalescer<String, String>.Seat mine = coalescer.join(key, call)) {
                    joined.complete(mine);
                    results.add(mine.result());
                } catch (RuntimeException e) {
                    failures.add(e);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            seat = joined.join();
        }
    }

    private List<Rider> riders(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> new Rider("k", Held::new))
                .toList();
    }

    private static void join(List<Rider> riders) throws InterruptedException {
        for (Rider rider : riders) {
            rider.thread.join();
        }
    }

    @Test
    void thirtyTwoIdenticalRequestsMakeOneCall() throws InterruptedException {
        List<Rider> riders = riders(32);
        assertThat(coalescer.waiting()).isEqualTo(32);
        gate.countDown();
        join(riders);

        assertThat(calls).hasValue(1);
        assertThat(results).hasSize(32).containsOnly("answer");
        assertThat(coalescer.inFlight()).isZero();
    }

    @Test
    void differentRequestsMakeCallsOfTheirOwn() throws InterruptedException {
        gate.countDown();
        join(List.of(new Rider("a", Held::new), new Rider("b", Held::new)));

        assertThat(calls).hasValue(2);
    }

    @Test
    void nothingIsKeptAfterTheCall() throws InterruptedException {
        gate.countDown();
        join(riders(1));
        join(riders(1));

        assertThat(calls).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whoLeavesDoesNotDisturbTheOthers(int leaver) throws InterruptedException {
        List<Rider> riders = riders(3);
        riders.get(leaver).seat.leave();
        if (leaver > 0) {
            riders.get(leaver).thread.join(); // Who makes the call goes on for the others.
        }
        assertThat(coalescer.waiting()).isEqualTo(2);
        gate.countDown();
        join(riders);

        assertThat(cancelled).isFalse();
        assertThat(results).hasSize(leaver > 0 ? 2 : 3).containsOnly("answer");
    }

    @Test
    void theCallIsCancelledWhenNobodyWantsItAnyMore() throws InterruptedException {
        List<Rider> riders = riders(3);
        riders.get(0).seat.leave();
        riders.get(1).seat.leave();
        assertThat(cancelled).isFalse();
        riders.get(2).seat.leave();
        join(riders);

        assertThat(cancelled).isTrue();
        assertThat(results).isEmpty();
        assertThat(coalescer.inFlight()).isZero();
    }

    @Test
    void leavingTwiceIsLeavingOnce() throws InterruptedException {
        List<Rider> riders = riders(2);
        riders.get(1).seat.leave();
        riders.get(1).seat.leave();

        assertThat(coalescer.waiting()).isEqualTo(1);
        assertThat(cancelled).isFalse();
        gate.countDown();
        join(riders);
    }

    @Test
    void whoComesAfterACancelledCallGetsANewOne() {
        Rider first = riders(1).getFirst();
        first.seat.leave();

        try (Coalescer<String, String>.Seat second = coalescer.join("k", Held::new)) {
            assertThat(second.call()).isNotSameAs(first.seat.call());
        }
    }

    @Test
    void aFailureIsSharedAsAFailure() throws InterruptedException {
        var failure = new IllegalStateException("broken");
        Supplier<Coalescer.Call<String>> failing = () -> new Coalescer.Call<>() {
            @Override
            public String run() throws InterruptedException {
                gate.await();
                throw failure;
            }

            @Override
            public void cancel() {}
        };
        List<Rider> riders = List.of(new Rider("k", failing), new Rider("k", failing));
        gate.countDown();
        join(riders);

        assertThat(failures).hasSize(2).containsOnly(failure);
    }

    @Test
    void whoMakesTheCallAndIsInterruptedTellsTheOthers() throws InterruptedException {
        List<Rider> riders = riders(2);
        Eventually.until("it is made", () -> calls.get() == 1);
        riders.getFirst().thread.interrupt();
        join(riders);

        assertThat(failures).singleElement().asString().contains("was interrupted");
        assertThat(coalescer.inFlight()).isZero();
    }

    @Test
    void aSeatThatIsClosedWithoutACallTellsTheOthers() throws InterruptedException {
        Coalescer<String, String>.Seat first = coalescer.join("k", Held::new);
        Rider second = new Rider("k", Held::new);
        first.close();
        second.thread.join();

        assertThat(failures).singleElement().asString().contains("given up");
        assertThat(calls).hasValue(0);
    }
}
