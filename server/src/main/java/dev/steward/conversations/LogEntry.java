package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;

/// One line of a conversation's log. Never changes.
///
/// @param turn    the turn that it belongs to; of a summary: the last turn that it covers
/// @param speaker `user`, or the name of an agent
/// @param detail  a JSON object
public record LogEntry(TurnId turn, Kind kind, String speaker, String content, String detail, Instant created) {

    /// What a line is.
    public enum Kind {
        USER,
        ASSISTANT,
        AGENT,
        HAND_OVER,
        SUMMARY;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LogEntry {
        requireNonNull(turn, "turn");
        requireNonNull(kind, "kind");
        requireNonNull(speaker, "speaker");
        requireNonNull(content, "content");
        requireNonNull(detail, "detail");
        requireNonNull(created, "created");
    }
}
