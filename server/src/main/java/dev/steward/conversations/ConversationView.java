package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation on the wire.
///
/// @param hit in a search: the newest message with all the words; null: they are in the title only
public record ConversationView(
        UUID id,
        String title,
        @Nullable String agent,
        boolean pinned,
        boolean archived,
        Instant created,
        Instant updated,
        @Nullable HitView hit) {

    /// Where the words that were looked for are.
    ///
    /// @param speaker `user` or `assistant`
    /// @param text    the part of the message around them, on one line
    /// @param marks   the words in `text`
    public record HitView(UUID turnId, String speaker, String text, List<MarkView> marks) {

        public HitView {
            requireNonNull(turnId, "turnId");
            requireNonNull(speaker, "speaker");
            requireNonNull(text, "text");
            marks = List.copyOf(marks);
        }
    }

    /// A word in a text, in UTF-16 units; `to` is exclusive.
    public record MarkView(int from, int to) {}

    public ConversationView {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
    }

    public static ConversationView of(Conversation conversation) {
        return of(conversation, null);
    }

    static ConversationView of(FoundConversation found) {
        return of(
                found.conversation(),
                found.hit()
                        .map(hit -> new HitView(
                                hit.turn().value(),
                                hit.byPerson() ? "user" : "assistant",
                                hit.text(),
                                hit.marks().stream()
                                        .map(span -> new MarkView(span.from(), span.to()))
                                        .toList()))
                        .orElse(null));
    }

    private static ConversationView of(Conversation conversation, @Nullable HitView hit) {
        return new ConversationView(
                conversation.id().value(),
                conversation.title(),
                conversation.agent().orElse(null),
                conversation.pinned(),
                conversation.archived(),
                conversation.created(),
                conversation.updated(),
                hit);
    }
}
