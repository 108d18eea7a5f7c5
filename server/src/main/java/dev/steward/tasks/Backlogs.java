package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Knows about how many tasks of each owner and type wait, to rank those that come ([Level]). Counted by what this
/// process accepts and claims; what other processes do is corrected by the count of the table ([#counted]).
///
/// An owner's lane never gets better while something of theirs waits, so their own tasks keep their order. Safe for
/// use by many threads.
final class Backlogs {

    private final Map<Key, Backlog> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean crowded = new AtomicBoolean();

    /// @param owner whose tasks
    /// @param type  of this type
    record Key(UserId owner, String type) {

        Key {
            requireNonNull(owner, "owner");
            requireNonNull(type, "type");
        }
    }

    /// @param lane the worst so far
    private record Backlog(long count, int lane) {

        Backlog more() {
            return new Backlog(count + 1, Math.max(lane, Level.lane(count)));
        }
    }

    /// Counts one that is about to wait.
    ///
    /// @return its lane
    int entered(UserId owner, String type) {
        Backlog now = requireNonNull(waiting.compute(
                new Key(owner, type), (_, before) -> (before == null ? new Backlog(0, 0) : before).more()));
        if (now.lane() > 0) {
            crowded.set(true);
        }
        return now.lane();
    }

    /// One of them waits no more.
    void left(UserId owner, String type) {
        waiting.computeIfPresent(new Key(owner, type), (_, before) -> fewer(before));
    }

    private static @Nullable Backlog fewer(Backlog before) {
        return before.count() <= 1 ? null : new Backlog(before.count() - 1, before.lane());
    }

    /// Whether anybody has so much waiting that it is worth counting the table.
    boolean crowded() {
        return crowded.get();
    }

    /// The table was counted: so many wait now.
    void counted(Map<Key, Long> counts) {
        crowded.set(false);
        waiting.keySet().removeIf(key -> !counts.containsKey(key));
        counts.forEach((key, count) -> {
            Backlog now = requireNonNull(waiting.compute(
                    key, (_, before) -> new Backlog(count, before == null ? Level.lane(count) : before.lane())));
            if (now.lane() > 0) {
                crowded.set(true);
            }
        });
    }
}
