package dev.steward.models;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Ends what takes too long: one thread looks at every live call each [#TICK]. Moving a deadline is one write, so a
/// deadline for each token of each stream costs next to nothing. Safe for use by many threads.
///
/// A timeout of the socket alone would not do: a backend that sends a byte a second never lets it run out.
final class DeadlineWatch implements AutoCloseable {

    /// How late a deadline may strike.
    static final Duration TICK = Duration.ofMillis(10);

    /// Something with a deadline.
    interface Watched {

        /// Ends it if its time is up. Quick, never throws.
        ///
        /// @param now as [System#nanoTime] gives it
        void look(long now);
    }

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closed;

    DeadlineWatch() {
        // A platform thread: it must look even when every carrier thread is busy.
        thread = Thread.ofPlatform().daemon().name("model-deadlines").start(this::run);
    }

    void add(Watched call) {
        watched.add(call);
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    void remove(Watched call) {
        watched.remove(call);
    }

    /// How many calls live now.
    int size() {
        return watched.size();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            if (watched.isEmpty()) {
                idle = true;
                if (watched.isEmpty() && !closed) {
                    LockSupport.park(this);
                }
                idle = false;
                continue;
            }
            long now = System.nanoTime();
            watched.forEach(call -> call.look(now));
            LockSupport.parkNanos(this, TICK.toNanos());
        }
    }
}
