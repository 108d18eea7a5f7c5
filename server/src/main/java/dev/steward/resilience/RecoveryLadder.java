package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Does an operation and, when it fails, what can be done about it, one strategy after the other (RES-9).
///
/// The order of strategies is the caller's, for one kind of error in one component; [RecoveryLevel#MANUAL] always
/// comes
/// last. Each try is told to the listener. A strategy that does not apply is skipped and told, too: retries of what
/// must not be repeated or would end after the deadline, a fallback that does not exist.
///
/// Immutable; safe for use by many threads.
public final class RecoveryLadder {

    /// From the cheapest to the last.
    public static final List<RecoveryLevel> DEFAULT_ORDER = List.of(RecoveryLevel.values());

    /// Wait of [RecoveryLevel#IMMEDIATE_RETRY].
    public static final Duration IMMEDIATE_WAIT = Duration.ofMillis(100);

    /// Waits of [RecoveryLevel#BACKOFF_RETRY].
    public static final List<Duration> BACKOFF_WAITS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(16));

    /// Chooses the order of strategies for a kind of error in a component.
    @FunctionalInterface
    public interface Order {

        /// [RecoveryLadder#DEFAULT_ORDER] for everything.
        Order DEFAULT = (_, _) -> DEFAULT_ORDER;

        List<RecoveryLevel> of(String component, String errorKind);
    }

    /// What came of an operation.
    public sealed interface Result<T> {

        /// It worked at once.
        record Worked<T>(T value) implements Result<T> {}

        /// It failed and `level` helped.
        record Recovered<T>(T value, RecoveryLevel level, List<RecoveryAttempt> attempts) implements Result<T> {
            public Recovered {
                attempts = List.copyOf(attempts);
            }
        }

        /// Nothing helped; a person must look. The failure is the first one, later ones are suppressed in it.
        record Unrecovered<T>(RuntimeException failure, List<RecoveryAttempt> attempts) implements Result<T> {
            public Unrecovered {
                attempts = List.copyOf(attempts);
            }
        }
    }

    private final Order order;
    private final RecoveryListener listener;
    private final Pause pause;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    public RecoveryLadder(
            Order order, RecoveryListener listener, Pause pause, InstantSource clock, LongSupplier nanoTime) {
        this.order = requireNonNull(order, "order");
        this.listener = requireNonNull(listener, "listener");
        this.pause = requireNonNull(pause, "pause");
        this.clock = requireNonNull(clock, "clock");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /// Does `operation`, with every recovery that its kind of failure allows before `deadline`.
    ///
    /// @throws InterruptedException if the caller was interrupted; nothing more is tried then
    public <T> Result<T> run(Recoverable<T> operation, Deadline deadline) throws InterruptedException {
        try {
            return new Result.Worked<>(operation.action().run());
        } catch (RuntimeException e) {
            return new Climb<>(operation, deadline, e).run();
        }
    }

    /// One operation's way up the ladder.
    private final class Climb<T> {

        private final Recoverable<T> operation;
        private final Deadline deadline;
        private final RuntimeException first;
        private final String errorKind;
        private final List<RecoveryAttempt> attempts = new ArrayList<>();

        Climb(Recoverable<T> operation, Deadline deadline, RuntimeException first) {
            this.operation = operation;
            this.deadline = deadline;
            this.first = first;
            this.errorKind = operation.errorKind().apply(first);
        }

        Result<T> run() throws InterruptedException {
            for (RecoveryLevel level : order.of(operation.component(), errorKind)) {
                Step<T> step = switch (level) {
                    case IMMEDIATE_RETRY -> retry(level, List.of(IMMEDIATE_WAIT));
                    case BACKOFF_RETRY -> retry(level, BACKOFF_WAITS);
                    case FALLBACK -> instead(level, operation.fallback());
                    case DEGRADED -> instead(level, operation.degraded());
                    case MANUAL -> new Step.Next<>();
                };
                if (step instanceof Step.Got<T>(T value)) {
                    return new Result.Recovered<>(value, level, attempts);
                }
            }
            note(RecoveryLevel.MANUAL, RecoveryAttempt.Outcome.FAILED, clock.instant(), nanoTime.getAsLong());
            return new Result.Unrecovered<>(first, attempts);
        }

        private Step<T> retry(RecoveryLevel level, List<Duration> waits) throws InterruptedException {
            for (Duration wait : waits) {
                if (!operation.repeatable() || wait.compareTo(deadline.left()) >= 0) {
                    return skip(level);
                }
                Instant at = clock.instant();
                long start = nanoTime.getAsLong();
                pause.sleep(wait);
                Step<T> step = attempt(level, operation.action(), at, start);
                if (step instanceof Step.Got<T>) {
                    return step;
                }
            }
            return new Step.Next<>();
        }

        private Step<T> instead(RecoveryLevel level, Recoverable.@Nullable Action<T> action)
                throws InterruptedException {
            return action == null ? skip(level) : attempt(level, action, clock.instant(), nanoTime.getAsLong());
        }

        private Step<T> attempt(RecoveryLevel level, Recoverable.Action<T> action, Instant at, long start)
                throws InterruptedException {
            try {
                T value = action.run();
                note(level, RecoveryAttempt.Outcome.RECOVERED, at, start);
                return new Step.Got<>(value);
            } catch (RuntimeException e) {
                if (!e.equals(first)) { // An exception refuses to suppress itself.
                    first.addSuppressed(e);
                }
                note(level, RecoveryAttempt.Outcome.FAILED, at, start);
                return new Step.Next<>();
            }
        }

        private Step<T> skip(RecoveryLevel level) {
            note(level, RecoveryAttempt.Outcome.SKIPPED, clock.instant(), nanoTime.getAsLong());
            return new Step.Next<>();
        }

        private void note(RecoveryLevel level, RecoveryAttempt.Outcome outcome, Instant at, long start) {
            Duration took = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - start));
            var attempt = new RecoveryAttempt(operation.component(), errorKind, level, outcome, at, took);
            attempts.add(attempt);
            listener.attempted(attempt);
        }
    }

    /// What one strategy gave: a value, or the next one's turn.
    private sealed interface Step<T> {
        record Got<T>(T value) implements Step<T> {}

        record Next<T>() implements Step<T> {}
    }
}
