package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Bounds the calls to one backend that are under way at once; the bound follows the backend's latency ([Gradient]).
///
/// Callers give the latency in a form that does not depend on what was asked: time to the first token, or per
/// token; a long answer is not a slow backend. Who finds no room waits in a bounded queue, more important work
/// first, equals in the order of their coming; when the queue has no room either, the call is refused at once.
///
/// Safe for use by many threads; the lock is held for a few steps, never while waiting or calling.
public final class AdaptiveLimit {

    /// The answer to [#enter].
    public sealed interface Admission permits Slot, Refused {}

    /// No room.
    ///
    /// @param retryAfter when it is worth asking again, by what the backend did lately; 1 s to 30 s
    public record Refused(Reason reason, Duration retryAfter) implements Admission {}

    /// Why there is no room.
    public enum Reason {
        /// As many wait as may.
        QUEUE_FULL,
        /// No room came free within the longest wait or before the deadline.
        WAITED_TOO_LONG
    }

    /// The limit as it was when read.
    public record Status(int limit, int inFlight, int waiting) {}

    private static final List<Importance> MOST_IMPORTANT_FIRST =
            List.of(Importance.CRITICAL, Importance.NORMAL, Importance.BACKGROUND);
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    private final AdaptiveLimitConfig config;
    private final LongSupplier nanoTime;
    private final Gradient gradient;
    private final ReentrantLock lock = new ReentrantLock();
    private final EnumMap<Importance, ArrayDeque<Waiter>> queues = new EnumMap<>(Importance.class);
    private int inFlight;
    private int waiting;

    private static final class Waiter {
        private final Condition turn;
        private boolean admitted;

        Waiter(Condition turn) {
            this.turn = turn;
        }
    }

    /// A limit in the system's monotonic time.
    public AdaptiveLimit(AdaptiveLimitConfig config) {
        this(config, System::nanoTime);
    }

    public AdaptiveLimit(AdaptiveLimitConfig config, LongSupplier nanoTime) {
        this.config = requireNonNull(config, "config");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.gradient = new Gradient(config.initial(), config.min(), config.max());
    }

    /// Asks for room and waits for it if need be. A [Slot] must be closed, whatever happens.
    ///
    /// @throws InterruptedException if the caller was interrupted while waiting; it then holds no room
    public Admission enter(Importance importance, Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            if (inFlight < gradient.limit() && waiting == 0) {
                inFlight++;
                return new Slot(nanoTime.getAsLong());
            }
            if (waiting >= importance.room(config.queueMax())) {
                return refuse(Reason.QUEUE_FULL);
            }
            return await(importance, deadline);
        } finally {
            lock.unlock();
        }
    }

    /// The limit now.
    public Status status() {
        lock.lock();
        try {
            return new Status(gradient.limit(), inFlight, waiting);
        } finally {
            lock.unlock();
        }
    }

    private Admission await(Importance importance, Deadline deadline) throws InterruptedException {
        var waiter = new Waiter(lock.newCondition());
        ArrayDeque<Waiter> queue = queue(importance);
        queue.addLast(waiter);
        waiting++;
        long left = Math.min(deadline.leftNanos(), config.waitMax().toNanos());
        boolean keep = false;
        try {
            while (!waiter.admitted && left > 0) {
                left = waiter.turn.awaitNanos(left);
            }
            keep = waiter.admitted;
            return keep ? new Slot(nanoTime.getAsLong()) : refuse(Reason.WAITED_TOO_LONG);
        } finally {
            if (!keep) {
                leave(queue, waiter);
            }
        }
    }

    /// Takes back what an interrupted or late waiter held: its place, or the room that it was just given.
    private void leave(ArrayDeque<Waiter> queue, Waiter waiter) {
        if (waiter.admitted) {
            inFlight--;
            admitWaiters();
        } else {
            queue.remove(waiter);
            waiting--;
        }
    }

    private void admitWaiters() {
        while (waiting > 0 && inFlight < gradient.limit()) {
            Waiter next = nextWaiter();
            next.admitted = true;
            waiting--;
            inFlight++;
            next.turn.signal();
        }
    }

    private Waiter nextWaiter() {
        for (Importance importance : MOST_IMPORTANT_FIRST) {
            Waiter next = queue(importance).pollFirst();
            if (next != null) {
                return next;
            }
        }
        throw new IllegalStateException("waiting is " + waiting + " but no one is in a queue");
    }

    private ArrayDeque<Waiter> queue(Importance importance) {
        return queues.computeIfAbsent(importance, _ -> new ArrayDeque<>());
    }

    private Refused refuse(Reason reason) {
        double turns = (double) (waiting + 1) / gradient.limit();
        Duration guess = Duration.ofNanos((long) Math.min((double) RETRY_MAX.toNanos(), turns * gradient.longNanos()));
        return new Refused(reason, guess.compareTo(RETRY_MIN) < 0 ? RETRY_MIN : guess);
    }

    /// Room for one call. Report what was learned with [#measured] or [#overloaded], then close it, once.
    ///
    /// Closing without a report teaches nothing: right for a call that was cancelled or failed for other reasons.
    /// Safe for use by many threads.
    public final class Slot implements Admission, AutoCloseable {

        private final long startNanos;
        private boolean closed;

        private Slot(long startNanos) {
            this.startNanos = startNanos;
        }

        /// When the room was given, by the limit's monotonic time.
        public long startNanos() {
            return startNanos;
        }

        /// The backend answered with this normalised latency. May be called before the call is over, at the first
        /// token.
        public void measured(Duration latency) {
            lock.lock();
            try {
                if (!closed) {
                    gradient.worked(latency.toNanos(), inFlight);
                    admitWaiters();
                }
            } finally {
                lock.unlock();
            }
        }

        /// The backend refused for want of room: 429, or 503 with `Retry-After`.
        public void overloaded() {
            lock.lock();
            try {
                if (!closed) {
                    gradient.refused();
                }
            } finally {
                lock.unlock();
            }
        }

        /// The call is over: the room goes to the next one. Later calls change nothing.
        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    inFlight--;
                    admitWaiters();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
