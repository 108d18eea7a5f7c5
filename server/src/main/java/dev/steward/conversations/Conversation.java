package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// A dialogue of one person.
///
/// @param agent who answers in it unless a turn says otherwise; empty: whoever fits the message
public record Conversation(
        ConversationId id,
        UserId owner,
        String title,
        Optional<String> agent,
        boolean pinned,
        boolean archived,
        Instant created,
        Instant updated) {

    /// Longest title, in characters.
    public static final int TITLE_CHARS_MAX = 200;

    public Conversation {
        requireNonNull(id, "id");
        requireNonNull(owner, "owner");
        requireNonNull(title, "title");
        requireNonNull(agent, "agent");
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
    }
}
