package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Stops calls to something that keeps failing, and finds out by itself when it works again (RES-1).
///
/// - **CLOSED**: every call goes through. Failures in a row are counted, a success sets the count to zero; at
///   `failureThreshold` the breaker opens.
/// - **OPEN**: no call goes through until `timeout` has passed.
/// - **HALF_OPEN**: one probe at a time goes through. `successThreshold` successes in a row close the breaker, one
///   failure opens it again for `timeout`. A probe that is silent for `timeout` is given up and another is let
/// through.
///
/// A call counts only for the period in which it was let through: what started before the breaker opened, and ends
/// after, changes nothing. Ask with [#ask], then report to the [Permit] exactly one of success, failure, abandoned.
///
/// Safe for use by many threads; lock-free. One look costs a volatile read and one small object.
public final class CircuitBreaker {

    /// Whether calls go through.
    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /// The answer to "may this call be made?".
    public sealed interface Admission permits Permit, Refused {}

    /// No: the breaker is open, or half-open with a probe under way.
    ///
    /// @param retryAfter how long until it is worth asking again
    public record Refused(String breaker, Duration retryAfter) implements Admission {

        /// This refusal as a failure that travels up.
        public CircuitOpenException asException() {
            return new CircuitOpenException(breaker, retryAfter);
        }
    }

    /// How long a refused caller is told to wait while a probe is under way.
    private static final Duration PROBE_WAIT = Duration.ofSeconds(1);

    private final String name;
    private final BreakerConfig config;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final BreakerListener listener;
    private final AtomicReference<Condition> condition;

    /// Everything that changes, as one value.
    ///
    /// @param period     grows with each change of state and each probe; a permit of an older period counts no more
    /// @param probing    whether a probe is under way; HALF_OPEN only
    /// @param untilNanos OPEN: when a probe may go; HALF_OPEN with a probe: when it is given up
    record Condition(
            State state,
            long period,
            int failures,
            int successes,
            boolean probing,
            long untilNanos,
            @Nullable Instant lastFailure,
            @Nullable Instant openUntil) {

        static Condition closed(long period) {
            return new Condition(State.CLOSED, period, 0, 0, false, 0, null, null);
        }
    }

    /// A closed breaker.
    ///
    /// @param nanoTime monotonic time, as [System#nanoTime] gives it
    public CircuitBreaker(
            String name, BreakerConfig config, InstantSource clock, LongSupplier nanoTime, BreakerListener listener) {
        this.name = requireNonNull(name, "name");
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.listener = requireNonNull(listener, "listener");
        this.condition = new AtomicReference<>(Condition.closed(0));
    }

    public String name() {
        return name;
    }

    /// Asks to make a call. A [Permit] must be reported to, whatever happens.
    public Admission ask() {
        Condition now = condition.get();
        if (now.state == State.CLOSED) {
            return new Permit(this, now.period);
        }
        return askWhileNotClosed();
    }

    /// Asks to make a call.
    ///
    /// @throws CircuitOpenException if it may not be made now
    public Permit require() {
        return switch (ask()) {
            case Permit permit -> permit;
            case Refused refused -> throw refused.asException();
        };
    }

    /// The breaker as it is now.
    public BreakerStatus status() {
        Condition now = condition.get();
        Duration wait = now.state == State.OPEN ? left(now) : Duration.ZERO;
        return new BreakerStatus(
                name, now.state, now.failures, now.successes, Optional.ofNullable(now.lastFailure), wait);
    }

    /// Closes the breaker by hand and forgets all counts. Calls under way no longer count.
    public void reset() {
        Condition before = condition.getAndUpdate(now -> Condition.closed(now.period + 1));
        listener.changed(this, before.state, State.CLOSED);
    }

    /// Takes over what was saved before a restart. An open breaker whose time has passed becomes half-open.
    void restore(SavedBreaker saved) {
        Instant wall = clock.instant();
        condition.updateAndGet(now -> switch (saved.state()) {
            case CLOSED ->
                new Condition(
                        State.CLOSED, now.period + 1, saved.failureCount(), 0, false, 0, saved.lastFailure(), null);
            case HALF_OPEN -> halfOpen(now.period + 1, saved.failureCount(), 0, false, saved.lastFailure());
            case OPEN -> {
                Instant until = saved.openUntil();
                Duration left = until == null ? Duration.ZERO : Duration.between(wall, until);
                if (left.compareTo(config.timeout()) > 0) {
                    left = config.timeout(); // The wall clock was set back, or the setting was shortened.
                }
                yield left.isPositive()
                        ? new Condition(
                                State.OPEN,
                                now.period + 1,
                                saved.failureCount(),
                                0,
                                false,
                                nanoTime.getAsLong() + left.toNanos(),
                                saved.lastFailure(),
                                wall.plus(left))
                        : halfOpen(now.period + 1, saved.failureCount(), 0, false, saved.lastFailure());
            }
        });
    }

    /// What is worth keeping over a restart.
    SavedBreaker saved() {
        Condition now = condition.get();
        return new SavedBreaker(name, now.state, now.failures, now.lastFailure, now.openUntil);
    }

    private Admission askWhileNotClosed() {
        while (true) {
            Condition now = condition.get();
            Condition next;
            switch (now.state) {
                case CLOSED -> {
                    return new Permit(this, now.period);
                }
                case OPEN -> {
                    Duration left = left(now);
                    if (left.isPositive()) {
                        return new Refused(name, left);
                    }
                    next = halfOpen(now.period + 1, now.failures, 0, true, now.lastFailure);
                }
                case HALF_OPEN -> {
                    if (now.probing && left(now).isPositive()) {
                        Duration left = left(now);
                        return new Refused(name, left.compareTo(PROBE_WAIT) < 0 ? left : PROBE_WAIT);
                    }
                    next = halfOpen(now.period + 1, now.failures, now.successes, true, now.lastFailure);
                }
                default -> throw new AssertionError(now.state);
            }
            if (condition.compareAndSet(now, next)) {
                if (now.state != next.state) {
                    listener.changed(this, now.state, next.state);
                }
                return new Permit(this, next.period);
            }
        }
    }

    private void succeeded(long period) {
        while (true) {
            Condition now = condition.get();
            if (now.period != period) {
                return;
            }
            Condition next;
            if (now.state == State.CLOSED) {
                if (now.failures == 0) {
                    return;
                }
                next = new Condition(State.CLOSED, period, 0, 0, false, 0, now.lastFailure, null);
            } else if (now.successes + 1 >= config.successThreshold()) {
                next = new Condition(State.CLOSED, period + 1, 0, 0, false, 0, now.lastFailure, null);
            } else {
                next = halfOpen(period + 1, now.failures, now.successes + 1, false, now.lastFailure);
            }
            if (condition.compareAndSet(now, next)) {
                if (now.state != next.state) {
                    listener.changed(this, now.state, next.state);
                }
                return;
            }
        }
    }

    private void failed(long period) {
        Instant at = clock.instant();
        while (true) {
            Condition now = condition.get();
            if (now.period != period) {
                return;
            }
            int failures = now.failures == Integer.MAX_VALUE ? now.failures : now.failures + 1;
            boolean opens = now.state == State.HALF_OPEN || failures >= config.failureThreshold();
            Condition next = opens
                    ? new Condition(
                            State.OPEN,
                            period + 1,
                            failures,
                            0,
                            false,
                            nanoTime.getAsLong() + config.timeout().toNanos(),
                            at,
                            at.plus(config.timeout()))
                    : new Condition(State.CLOSED, period, failures, 0, false, 0, at, null);
            if (condition.compareAndSet(now, next)) {
                if (now.state != next.state) {
                    listener.changed(this, now.state, next.state);
                }
                return;
            }
        }
    }

    private void abandoned(long period) {
        condition.updateAndGet(now -> now.period == period && now.state == State.HALF_OPEN
                ? halfOpen(period + 1, now.failures, now.successes, false, now.lastFailure)
                : now);
    }

    private Condition halfOpen(
            long period, int failures, int successes, boolean probing, @Nullable Instant lastFailure) {
        long until = probing ? nanoTime.getAsLong() + config.timeout().toNanos() : 0;
        return new Condition(State.HALF_OPEN, period, failures, successes, probing, until, lastFailure, null);
    }

    private Duration left(Condition now) {
        long nanos = now.untilNanos - nanoTime.getAsLong();
        return nanos > 0 ? Duration.ofNanos(nanos) : Duration.ZERO;
    }

    /// Leave to make one call. The first report counts, later ones change nothing; closing without a report means
    /// abandoned. Safe for use by many threads.
    public static final class Permit implements Admission, AutoCloseable {

        private static final AtomicIntegerFieldUpdater<Permit> REPORTED =
                AtomicIntegerFieldUpdater.newUpdater(Permit.class, "reported");

        private final CircuitBreaker breaker;
        private final long period;

        @SuppressWarnings("UnusedVariable") // read and written through REPORTED
        private volatile int reported;

        private Permit(CircuitBreaker breaker, long period) {
            this.breaker = breaker;
            this.period = period;
        }

        /// The other side answered, also when it answered "no" to a bad request.
        public void succeeded() {
            if (REPORTED.compareAndSet(this, 0, 1)) {
                breaker.succeeded(period);
            }
        }

        /// The other side failed: no connection, no answer in time, an error of its own.
        public void failed() {
            if (REPORTED.compareAndSet(this, 0, 1)) {
                breaker.failed(period);
            }
        }

        /// The call says nothing about the other side: the caller left, or it was never made.
        public void abandoned() {
            if (REPORTED.compareAndSet(this, 0, 1)) {
                breaker.abandoned(period);
            }
        }

        @Override
        public void close() {
            abandoned();
        }
    }
}
