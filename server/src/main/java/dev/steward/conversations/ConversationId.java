package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/// Names one conversation, for ever.
public record ConversationId(UUID value) {

    public ConversationId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
