package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.base.UserId;
import dev.steward.resilience.Bulkhead;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lets a few readers at a time ask the table, in the order in which they came.
///
/// A thousand people who open an answer at once wait here for a moment, and not in front of the connections that
/// everybody else needs as well; there most would wait longer than the pool lets them. Safe for use by many threads.
final class QueuedReads implements TurnEventSource {

    /// A quarter of the pool as it is shipped; enough to keep the database busy with reads along a primary key.
    static final int AT_ONCE_MAX = 4;

    private final TurnEventSource source;
    private final Bulkhead queue = new Bulkhead(AT_ONCE_MAX, Saying.TOO_MANY_OPENED.said(), Duration.ofSeconds(2));

    QueuedReads(TurnEventSource source) {
        this.source = requireNonNull(source, "source");
    }

    @Override
    public List<TurnEvent> after(TurnId turn, long seq, int limit) {
        return queue.call(() -> source.after(turn, seq, limit));
    }

    @Override
    public Optional<State> state(UserId owner, TurnId turn) {
        return queue.call(() -> source.state(owner, turn));
    }

    @Override
    public Map<TurnId, State> states(Collection<TurnId> ids) {
        return queue.call(() -> source.states(ids));
    }
}
