package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import dev.steward.conversations.Conversation;
import dev.steward.conversations.ConversationChange;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.Conversations;
import java.util.Locale;
import java.util.Optional;

/// Begins and changes conversations, after checking what names them. Safe for use by many threads.
public final class ConversationService {

    private final Conversations conversations;
    private final MessageRules rules;

    ConversationService(Conversations conversations, MessageRules rules) {
        this.conversations = requireNonNull(conversations, "conversations");
        this.rules = requireNonNull(rules, "rules");
    }

    /// @throws dev.steward.base.StewardException `validation_error`
    public Conversation create(UserId owner, ConversationId id, Optional<String> title, Optional<String> agent) {
        MessageRules.refuse(rules.titleFaults(title), rules.agentFaults(agent));
        return conversations.create(owner, id, title.map(String::strip), agent.map(ConversationService::lower));
    }

    /// @throws dev.steward.base.StewardException `validation_error`, `not_found`
    public Conversation change(UserId owner, ConversationId id, ConversationChange change) {
        MessageRules.refuse(rules.titleFaults(change.title()), rules.agentFaults(change.agent()));
        return conversations.change(
                owner,
                id,
                new ConversationChange(
                        change.title().map(String::strip),
                        change.agent().map(ConversationService::lower),
                        change.pinned(),
                        change.archived()));
    }

    private static String lower(String agent) {
        return agent.toLowerCase(Locale.ROOT);
    }
}
