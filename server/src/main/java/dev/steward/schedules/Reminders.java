package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Catalogue;
import dev.steward.base.ErrorCode;
import dev.steward.base.IdSource;
import dev.steward.base.Language;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.Turns;
import dev.steward.database.Transactions;
import dev.steward.tasks.TaskId;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Tells people something without being asked, in a conversation of theirs that is for this. Safe for use by
/// many threads.
final class Reminders {

    private static final Catalogue TEXTS = new Catalogue("schedules");
    private static final String AGENT = "alpha";

    private final ReminderStore store;
    private final Function<UserId, Language> languages;
    private final Conversations conversations;
    private final Turns turns;
    private final Transactions transactions;
    private final IdSource ids;

    Reminders(
            ReminderStore store,
            Function<UserId, Language> languages,
            Conversations conversations,
            Turns turns,
            Transactions transactions,
            IdSource ids) {
        this.store = requireNonNull(store, "store");
        this.languages = requireNonNull(languages, "languages");
        this.conversations = requireNonNull(conversations, "conversations");
        this.turns = requireNonNull(turns, "turns");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
    }

    /// Says it, once for each task: the turn has the task's id. Only the saying itself is done under the lock of the
    /// conversation, which hundreds may wait for; when that is deleted before, the next attempt finds another.
    Turn tell(UserId owner, TaskId task, String text) {
        ConversationId conversation = transactions.inOne(() -> conversation(owner));
        return turns.say(new Turns.Saying(
                new TurnId(task.value()), conversation, owner, task.value(), AGENT, text, task.toString()));
    }

    /// The person's conversation for this; a new one when there is none or they have deleted it.
    ConversationId conversation(UserId owner) {
        Optional<UUID> known = store.find(owner);
        if (known.isPresent() && there(owner, new ConversationId(known.get()))) {
            return new ConversationId(known.get());
        }
        var remembered = new ConversationId(store.remember(owner, known, ids.next()));
        return conversations
                .create(
                        owner,
                        remembered,
                        Optional.of(TEXTS.say(languages.apply(owner), "reminders_title")),
                        Optional.empty())
                .id();
    }

    private boolean there(UserId owner, ConversationId conversation) {
        try {
            conversations.find(owner, conversation);
            return true;
        } catch (StewardException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
