package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// What a turn's events say so far.
///
/// @param text    the tokens, with every reset applied
/// @param lastSeq number of the newest event that was read; 0: none
/// @param last    that event
public record Said(String text, long lastSeq, Optional<TurnEvent> last) {

    public Said {
        requireNonNull(text, "text");
        requireNonNull(last, "last");
    }
}
