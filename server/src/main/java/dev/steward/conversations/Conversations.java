package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/// A person's conversations. Safe for use by many threads.
public final class Conversations {

    private final ConversationStore store;
    private final TurnStore turnStore;
    private final Turns turns;
    private final Transactions transactions;

    Conversations(ConversationStore store, TurnStore turnStore, Turns turns, Transactions transactions) {
        this.store = requireNonNull(store, "store");
        this.turnStore = requireNonNull(turnStore, "turnStore");
        this.turns = requireNonNull(turns, "turns");
        this.transactions = requireNonNull(transactions, "transactions");
    }

    /// Makes a conversation; an id of this owner that is there already stays as it is.
    ///
    /// @param title validated; empty: named after the first message
    public Conversation create(
            UserId owner, ConversationId conversation, Optional<String> title, Optional<String> agent) {
        store.insert(owner, conversation, title, agent);
        return find(owner, conversation);
    }

    /// @throws StewardException `not_found`
    public Conversation find(UserId owner, ConversationId conversation) {
        return store.find(owner, conversation).orElseThrow(() -> StewardException.notFound("conversation"));
    }

    /// The one that changed last comes first. Pinned ones can be had by themselves.
    ///
    /// @param pinned   only those that are, or are not
    /// @param archived only those that are, or are not
    /// @throws StewardException `validation_error` for a cursor of another list
    public Page<Conversation> list(
            UserId owner, Optional<Boolean> pinned, Optional<Boolean> archived, Optional<Cursor> after, int limit) {
        List<Conversation> rows = store.list(
                owner, pinned, archived, after.map(Conversations::updated), after.map(Cursor::id), limit + 1);
        return Page.of(rows, limit, c -> new Cursor(c.updated().toString(), c.id().value()));
    }

    /// Those with all words of the question in their title or in one message, each word as the beginning of a word
    /// there.
    /// Like [#list] in everything else.
    ///
    /// @throws StewardException `validation_error` for a cursor of another list
    public Page<FoundConversation> search(
            UserId owner,
            String question,
            Optional<Boolean> pinned,
            Optional<Boolean> archived,
            Optional<Cursor> after,
            int limit) {
        SearchWords words = SearchWords.of(question);
        List<FoundConversation> rows = words.all().isEmpty()
                ? List.of()
                : store.search(
                        owner,
                        words,
                        pinned,
                        archived,
                        after.map(Conversations::updated),
                        after.map(Cursor::id),
                        limit + 1);
        return Page.of(
                rows,
                limit,
                found -> new Cursor(
                        found.conversation().updated().toString(),
                        found.conversation().id().value()));
    }

    /// @throws StewardException `not_found`
    public Conversation change(UserId owner, ConversationId conversation, ConversationChange change) {
        if (!store.change(owner, conversation, change)) {
            throw StewardException.notFound("conversation");
        }
        return find(owner, conversation);
    }

    /// Stops what is being answered in it and hides it for good. What was said stays in the append-only log until
    /// privacy erasure.
    ///
    /// @throws StewardException `not_found`
    public void delete(UserId owner, ConversationId conversation) {
        // Turns first, as their own ends do: the other order could deadlock. A turn that slips in between finds its
        // conversation gone when its task runs.
        boolean there = transactions.inOne(() -> {
            find(owner, conversation);
            turnStore.unfinishedOf(conversation).forEach(id -> turns.abandon(new TurnId(id), Optional.empty()));
            return store.delete(owner, conversation);
        });
        if (!there) {
            throw StewardException.notFound("conversation");
        }
    }

    /// Whether its title was made from the first message only, so that a better one is welcome.
    public boolean wantsTitle(UserId owner, ConversationId conversation) {
        return store.wantsTitle(owner, conversation);
    }

    /// Gives it a better title, unless a person has chosen one.
    public void improveTitle(UserId owner, ConversationId conversation, String title) {
        store.improveTitle(owner, conversation, title);
    }

    private static Instant updated(Cursor cursor) {
        try {
            return Instant.parse(cursor.key());
        } catch (DateTimeParseException _) {
            throw StewardException.invalid(List.of(new FieldFault(
                    "cursor", "format", "use the next_cursor of the page before, unchanged, or leave it out")));
        }
    }
}
