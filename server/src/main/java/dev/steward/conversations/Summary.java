package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

/// A conversation in short, up to a turn.
///
/// @param slot the place of the last turn that it covers
public record Summary(TurnId upTo, int slot, String text) {

    public Summary {
        requireNonNull(upTo, "upTo");
        requireNonNull(text, "text");
    }
}
