package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// What a person changes about a conversation; what is empty stays.
public record ConversationChange(
        Optional<String> title, Optional<String> agent, Optional<Boolean> pinned, Optional<Boolean> archived) {

    public ConversationChange {
        requireNonNull(title, "title");
        requireNonNull(agent, "agent");
        requireNonNull(pinned, "pinned");
        requireNonNull(archived, "archived");
    }
}
