package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets identical requests that are in flight at the same time share one call (RES-5).
///
/// The first to come starts the call in a thread of its own; the others wait with it. A waiter that leaves, by
/// interruption or deadline, does not disturb the others; when nobody waits any more, the call's thread is
/// interrupted. The result, a failure too, goes to all who wait; nothing is kept after that: this is no cache.
///
/// The key must hold everything that makes two requests the same for the person who asks: user and scope of
/// permission too. Safe for use by many threads; the lock is held for a few steps, never while calling.
///
/// @param <K> what makes requests identical; a value with `equals`
/// @param <V> the result, shared by all who waited: immutable
public final class Coalescer<K, V> {

    /// The call itself. It must end soon after its thread is interrupted.
    @FunctionalInterface
    public interface Call<V> {
        V run() throws InterruptedException;
    }

    /// What a waiter gets.
    public sealed interface Outcome<V> {

        /// The call's result.
        record Done<V>(V value) implements Outcome<V> {}

        /// The call failed; all waiters get the same exception.
        record Failed<V>(RuntimeException failure) implements Outcome<V> {}

        /// The waiter's deadline passed first.
        record TooLate<V>() implements Outcome<V> {}
    }

    /// Starts a call in the background; what it returns interrupts that call.
    @FunctionalInterface
    interface Launcher {
        Runnable launch(Runnable call);
    }

    private final Launcher launcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Flight<K, V>> flights = new HashMap<>();

    /// Runs calls on virtual threads.
    public Coalescer() {
        this(call -> Thread.ofVirtual().name("coalesced-call").start(call)::interrupt);
    }

    Coalescer(Launcher launcher) {
        this.launcher = requireNonNull(launcher, "launcher");
    }

    static final class Flight<K, V> {
        private final K key;
        private final CountDownLatch over = new CountDownLatch(1);
        private int waiting = 1;

        @Nullable Runnable interrupt;

        private volatile @Nullable Outcome<V> outcome;

        Flight(K key) {
            this.key = key;
        }
    }

    /// Waits for the result of the call in flight for `key`; starts `call` if there is none.
    ///
    /// @throws InterruptedException if the caller was interrupted while waiting
    public Outcome<V> get(K key, Deadline deadline, Call<V> call) throws InterruptedException {
        Flight<K, V> flight = board(key, call);
        boolean arrived = false;
        try {
            arrived = flight.over.await(deadline.leftNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!arrived) {
                leave(flight);
            }
        }
        Outcome<V> outcome = flight.outcome;
        return arrived && outcome != null ? outcome : new Outcome.TooLate<>();
    }

    /// Calls under way now.
    public int inFlight() {
        lock.lock();
        try {
            return flights.size();
        } finally {
            lock.unlock();
        }
    }

    /// How many wait for all of them now.
    public int waiting() {
        lock.lock();
        try {
            return flights.values().stream().mapToInt(flight -> flight.waiting).sum();
        } finally {
            lock.unlock();
        }
    }

    /// How many wait for the call of this key now.
    int waiting(K key) {
        lock.lock();
        try {
            Flight<K, V> flight = flights.get(key);
            return flight == null ? 0 : flight.waiting;
        } finally {
            lock.unlock();
        }
    }

    /// Joins the flight for `key`, or begins one.
    Flight<K, V> board(K key, Call<V> call) {
        lock.lock();
        try {
            Flight<K, V> known = flights.get(key);
            if (known != null) {
                known.waiting++;
                return known;
            }
            var flight = new Flight<K, V>(key);
            flights.put(key, flight);
            // The call can't land before this lock is free, so nobody sees a flight without its interrupt.
            flight.interrupt = launcher.launch(() -> fly(flight, call));
            return flight;
        } finally {
            lock.unlock();
        }
    }

    /// Ends one's wait; the last one cancels the call.
    void leave(Flight<K, V> flight) {
        Runnable interrupt = null;
        lock.lock();
        try {
            flight.waiting--;
            if (flight.waiting == 0 && flights.remove(flight.key, flight)) {
                interrupt = flight.interrupt;
            }
        } finally {
            lock.unlock();
        }
        if (interrupt != null) {
            interrupt.run();
        }
    }

    private void fly(Flight<K, V> flight, Call<V> call) {
        Outcome<V> outcome;
        try {
            outcome = new Outcome.Done<>(call.run());
        } catch (RuntimeException e) {
            outcome = new Outcome.Failed<>(e);
        } catch (InterruptedException e) {
            // Only after everybody has left; a call that interrupts itself fails for those who still wait.
            outcome = new Outcome.Failed<>(new IllegalStateException("the shared call was interrupted", e));
        } catch (Error e) {
            land(flight, new Outcome.Failed<>(new IllegalStateException("the shared call broke", e)));
            throw e;
        }
        land(flight, outcome);
    }

    /// Ends the flight with its result.
    void land(Flight<K, V> flight, Outcome<V> outcome) {
        lock.lock();
        try {
            flights.remove(flight.key, flight);
            flight.outcome = outcome;
        } finally {
            lock.unlock();
        }
        flight.over.countDown();
    }
}
