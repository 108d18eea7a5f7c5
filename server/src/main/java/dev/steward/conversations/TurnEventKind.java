package dev.steward.conversations;

import java.util.Locale;

/// What a turn event tells. The names and their data are part of the HTTP contract.
public enum TurnEventKind {
    /// `{}`: an attempt began; the first event of every turn that began.
    STARTED,
    /// `{name, why, words}`; `words` is [dev.steward.base.Wording#phrases] wherever it stands.
    AGENT,
    /// `{items}`
    MEMORY,
    /// `{id, name, status, …}`
    ACTION,
    /// `{action_id, …}`
    APPROVAL,
    /// `{level, strategy, outcome, message, words}`
    RECOVERY,
    /// `{message, words, read, total}`: why nothing is said yet; tokens of the prompt that are read, of how many (0:
    /// not known).
    STATUS,
    /// `{text}`
    TOKEN,
    /// `{offset}`: the text from this character on (UTF-16 code units) is void.
    RESET,
    /// `{usage, citations, …}`; the last event.
    COMPLETED,
    /// `{problem}`; the last event.
    FAILED,
    /// `{}`; the last event.
    CANCELLED;

    /// Whether no event follows.
    public boolean last() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /// The name on the wire, such as `token`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TurnEventKind of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
