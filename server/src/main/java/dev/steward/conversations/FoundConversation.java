package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// A conversation that was looked for.
///
/// @param hit the newest message with all the words; empty: they are in the title only
public record FoundConversation(Conversation conversation, Optional<Hit> hit) {

    public FoundConversation {
        requireNonNull(conversation, "conversation");
        requireNonNull(hit, "hit");
    }

    /// Where the words are.
    ///
    /// @param byPerson whether the person said it; else it is an answer
    /// @param text     the part of the message around them, on one line
    /// @param marks    the words in that part: first and, exclusive, last UTF-16 unit
    public record Hit(TurnId turn, boolean byPerson, String text, List<Span> marks) {

        public Hit {
            requireNonNull(turn, "turn");
            requireNonNull(text, "text");
            marks = List.copyOf(marks);
        }
    }

    /// Part of a text; `to` is exclusive.
    public record Span(int from, int to) {}
}
