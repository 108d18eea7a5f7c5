package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets a few readers at a time ask the table, in the order in which they came.
///
/// A thousand people who open an answer at once wait here for a moment, and not in front of the connections that
/// everybody else needs as well; there most would wait longer than the pool lets them. Safe for use by many threads.
final class QueuedReads implements TurnEventSource {

    /// A quarter of the pool as it is shipped; enough to keep the database busy with reads along a primary key.
    static final int AT_ONCE_MAX = 4;

    /// After this time the database is slow or away, and saying so is better than to wait on.
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final TurnEventSource source;
    private final Semaphore turns = new Semaphore(AT_ONCE_MAX, true);

    QueuedReads(TurnEventSource source) {
        this.source = requireNonNull(source, "source");
    }

    @Override
    public List<TurnEvent> after(TurnId turn, long seq, int limit) {
        return inTurn(() -> source.after(turn, seq, limit));
    }

    @Override
    public Optional<State> state(UserId owner, TurnId turn) {
        return inTurn(() -> source.state(owner, turn));
    }

    @Override
    public Map<TurnId, State> states(Collection<TurnId> ids) {
        return inTurn(() -> source.states(ids));
    }

    private <T> T inTurn(Supplier<T> read) {
        try {
            if (!turns.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return read.get();
        } finally {
            turns.release();
        }
    }

    private static StewardException busy() {
        return StewardException.busy(
                ErrorCode.SERVICE_UNAVAILABLE,
                "Too many answers are being opened at once. The answer itself goes on; watch it again in a moment.",
                Duration.ofSeconds(2));
    }
}
