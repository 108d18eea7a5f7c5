package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation on the wire.
public record ConversationView(
        UUID id,
        String title,
        @Nullable String agent,
        boolean pinned,
        boolean archived,
        Instant created,
        Instant updated) {

    public ConversationView {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
    }

    public static ConversationView of(Conversation conversation) {
        return new ConversationView(
                conversation.id().value(),
                conversation.title(),
                conversation.agent().orElse(null),
                conversation.pinned(),
                conversation.archived(),
                conversation.created(),
                conversation.updated());
    }
}
