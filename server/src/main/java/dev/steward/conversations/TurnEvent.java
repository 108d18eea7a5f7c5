package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

/// One committed event of a turn.
///
/// @param seq  from 1, without gaps within its turn
/// @param data a JSON object
public record TurnEvent(long seq, TurnEventKind kind, String data) {

    public TurnEvent {
        if (seq < 1) {
            throw new IllegalArgumentException("events are numbered from 1, was " + seq);
        }
        requireNonNull(kind, "kind");
        requireNonNull(data, "data");
    }
}
