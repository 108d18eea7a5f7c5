package dev.steward.conversations;

import dev.steward.base.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a feed reads events that were not handed to it live.
interface TurnEventSource {

    /// Events with a number greater than `seq`, in order.
    List<TurnEvent> after(TurnId turn, long seq, int limit);

    /// Where a turn of this owner stands; empty also when its conversation is deleted.
    Optional<State> state(UserId owner, TurnId turn);

    /// Where turns stand; one that is gone is left out.
    Map<TurnId, State> states(Collection<TurnId> turns);

    /// @param lastSeq number of the newest event
    /// @param ended   whether none will follow
    record State(long lastSeq, boolean ended) {}
}
