package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets identical requests that are in flight at the same time share one call (RES-5).
///
/// The first to come makes the call on its own thread; the others wait for it. Who leaves does not disturb the others,
/// the first one neither; when nobody wants the result any more, the call is cancelled. The result, a failure too, goes
/// to all who wait; nothing is kept after that: this is no cache.
///
/// The key must hold everything that makes two requests the same for the person who asks: user and scope of
/// permission too. Safe for use by many threads; the lock is held for a few steps, never while calling.
///
/// ```java
/// try (var seat = coalescer.join(key, () -> call)) {
///     return seat.result(); // meanwhile, from another thread: seat.leave()
/// }
/// ```
///
/// @param <K> what makes requests identical; a value with `equals`
/// @param <V> the result, shared by all who waited: immutable
public final class Coalescer<K, V> {

    /// The call itself.
    public interface Call<V> {

        /// Made at most once.
        V run() throws InterruptedException;

        /// Ends it from another thread, at any time: [#run] then fails soon. Quick; never throws.
        void cancel();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Flight> flights = new HashMap<>();

    /// One call and those who want its result. What is not final is guarded by the lock.
    private final class Flight {
        private final K key;
        private final Call<V> call;
        private final Condition changed = lock.newCondition();
        private int waiting;
        private boolean landed;
        private @Nullable V value;
        private @Nullable RuntimeException failure;

        Flight(K key, Call<V> call) {
            this.key = key;
            this.call = call;
        }
    }

    /// Takes part in the call in flight for `key`; if there is none, `call` gives the one that this seat will make.
    /// Whoever joins asks for the result at once and closes the seat, whatever happens.
    ///
    /// @param call runs under the lock: only makes the object
    public Seat join(K key, Supplier<? extends Call<V>> call) {
        lock.lock();
        try {
            Flight flight = flights.get(key);
            boolean first = flight == null;
            if (flight == null) {
                flight = new Flight(requireNonNull(key, "key"), call.get());
                flights.put(key, flight);
            }
            flight.waiting++;
            return new Seat(flight, first);
        } finally {
            lock.unlock();
        }
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

    /// One participant. [#result] and [#close] belong to the thread that joined, [#leave] to any.
    public final class Seat implements AutoCloseable {

        private final Flight flight;
        private final boolean first;
        private boolean made;
        private boolean left;

        private Seat(Flight flight, boolean first) {
            this.flight = flight;
            this.first = first;
        }

        /// Makes the call, or waits for who does.
        ///
        /// @throws InterruptedException  this thread was interrupted, or this seat was left
        /// @throws IllegalStateException the thread that made the call was interrupted
        public V result() throws InterruptedException {
            return first ? make() : await();
        }

        /// Does without the result: a waiting [#result] ends soon, except that who makes the call goes on for the
        /// others. The last one to leave cancels the call. After that, or after the end, it changes nothing.
        public void leave() {
            if (given()) {
                flight.call.cancel();
            }
        }

        @Override
        public void close() {
            boolean last = given();
            if (first && !made) {
                land(null, new IllegalStateException("the shared call was given up"));
            }
            if (last) {
                flight.call.cancel();
            }
        }

        /// Gives the seat back; whether nobody wants the result now.
        private boolean given() {
            lock.lock();
            try {
                if (left || flight.landed) {
                    return false;
                }
                left = true;
                flight.waiting--;
                flight.changed.signalAll();
                return flight.waiting == 0 && flights.remove(flight.key, flight);
            } finally {
                lock.unlock();
            }
        }

        private V make() throws InterruptedException {
            made = true;
            try {
                V value = flight.call.run();
                land(value, null);
                return value;
            } catch (RuntimeException e) {
                land(null, e);
                throw e;
            } catch (InterruptedException e) {
                land(null, new IllegalStateException("the shared call was interrupted", e));
                throw e;
            } catch (Error e) {
                land(null, new IllegalStateException("the shared call broke", e));
                throw e;
            }
        }

        /// What this seat takes part in.
        Call<V> call() {
            return flight.call;
        }

        /// Ends the flight; only the first time counts.
        void land(@Nullable V value, @Nullable RuntimeException failure) {
            lock.lock();
            try {
                if (!flight.landed) {
                    flight.landed = true;
                    flight.value = value;
                    flight.failure = failure;
                    flights.remove(flight.key, flight);
                    flight.changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        private V await() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!flight.landed && !left) {
                    flight.changed.await();
                }
                if (flight.failure != null) {
                    throw flight.failure;
                }
                V value = flight.value;
                if (value == null) {
                    throw new InterruptedException("left before the shared call was over");
                }
                return value;
            } finally {
                lock.unlock();
            }
        }
    }
}
