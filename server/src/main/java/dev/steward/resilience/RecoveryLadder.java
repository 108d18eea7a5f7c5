package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Chooses what is tried after a failure, one strategy after the other, and tells of each try (RES-9, RES-14).
///
/// The order of strategies is a parameter, for one kind of error in one component: what is learned about them later
/// changes the order and nothing else. How a strategy is carried out, and whether it applies, is the business of the
/// work that climbs: only it knows its deadline, its budget, and what a reader has seen already.
///
/// ```java
/// RecoveryLadder.Climb climb = ladder.climb();
/// while (true) {
///     try {
///         work();
///         climb.worked();
///         return;
///     } catch (BackendFault e) {
///         climb.next("first", "timeout", this::begin).orElseThrow(() -> gaveUp(e));
///     }
/// }
/// ```
///
/// Immutable; safe for use by many threads. A [Climb] is for one thread.
public final class RecoveryLadder {

    /// From the cheapest to the last.
    public static final List<RecoveryLevel> DEFAULT_ORDER = List.of(RecoveryLevel.values());

    /// Wait of [RecoveryLevel#IMMEDIATE_RETRY], where the work's own rules do not ask for less.
    public static final Duration IMMEDIATE_WAIT = Duration.ofMillis(100);

    /// Chooses the order of strategies for a kind of error in a component.
    @FunctionalInterface
    public interface Order {

        /// [RecoveryLadder#DEFAULT_ORDER] for everything.
        Order DEFAULT = (_, _) -> DEFAULT_ORDER;

        List<RecoveryLevel> of(String component, String errorKind);
    }

    /// What a piece of work can do about its own failure.
    @FunctionalInterface
    public interface Strategies {

        /// Prepares for another try by this strategy, waiting if it asks for that.
        ///
        /// @return `false` if it does not apply: a retry of what must not be repeated or is past its budget or
        ///         deadline, a fallback that does not exist, what is the caller's
        boolean begin(RecoveryLevel level) throws InterruptedException;
    }

    private final Order order;
    private final RecoveryListener listener;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    public RecoveryLadder(Order order, RecoveryListener listener, InstantSource clock, LongSupplier nanoTime) {
        this.order = requireNonNull(order, "order");
        this.listener = requireNonNull(listener, "listener");
        this.clock = requireNonNull(clock, "clock");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /// Begins with a piece of work that failed for the first time.
    public Climb climb() {
        return new Climb();
    }

    /// One piece of work's way up the ladder. Each failure begins at the first strategy again: whether one may be
    /// used twice is for [Strategies#begin] to say.
    public final class Climb {

        private @Nullable Try current;

        private Climb() {}

        /// The work failed: tells that the try under way did not help, and begins the next one.
        ///
        /// @param component what failed, such as a backend's name
        /// @param errorKind the kind of failure, a stable word such as `timeout`
        /// @return the strategy that was begun; empty: none applies
        public Optional<RecoveryLevel> next(String component, String errorKind, Strategies strategies)
                throws InterruptedException {
            failed();
            Instant at = clock.instant();
            long began = nanoTime.getAsLong();
            for (RecoveryLevel level : order.of(component, errorKind)) {
                if (strategies.begin(level)) {
                    current = new Try(component, errorKind, level, at, began);
                    return Optional.of(level);
                }
            }
            return Optional.empty();
        }

        /// The strategy under way; empty before the first failure and after the last word on a try.
        public Optional<RecoveryLevel> level() {
            return Optional.ofNullable(current).map(Try::level);
        }

        /// The try under way helped.
        public void worked() {
            end(RecoveryAttempt.Outcome.RECOVERED);
        }

        /// The try under way did not help.
        public void failed() {
            end(RecoveryAttempt.Outcome.FAILED);
        }

        private void end(RecoveryAttempt.Outcome outcome) {
            Try ended = current;
            current = null;
            if (ended != null) {
                Duration took = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - ended.began));
                listener.attempted(
                        new RecoveryAttempt(ended.component, ended.errorKind, ended.level, outcome, ended.at, took));
            }
        }
    }

    /// A try under way.
    private record Try(String component, String errorKind, RecoveryLevel level, Instant at, long began) {}
}
