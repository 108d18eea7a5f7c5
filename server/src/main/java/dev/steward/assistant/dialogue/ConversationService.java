package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.input.InputValidator;
import dev.steward.base.UserId;
import dev.steward.conversations.Conversation;
import dev.steward.conversations.ConversationChange;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.Conversations;
import java.util.Optional;

/// Begins and changes conversations, after checking what names them. Safe for use by many threads.
public final class ConversationService {

    private final Conversations conversations;
    private final InputValidator validator;

    ConversationService(Conversations conversations, InputValidator validator) {
        this.conversations = requireNonNull(conversations, "conversations");
        this.validator = requireNonNull(validator, "validator");
    }

    /// @throws dev.steward.base.StewardException `validation_error`
    public Conversation create(UserId owner, ConversationId id, Optional<String> title, Optional<String> agent) {
        var rules = new QuestionRules(validator);
        Optional<String> goodTitle = rules.title(title);
        Optional<String> knownAgent = rules.agent("agent", agent);
        rules.refuseFaults();
        return conversations.create(owner, id, goodTitle, knownAgent);
    }

    /// @throws dev.steward.base.StewardException `validation_error`, `not_found`
    public Conversation change(UserId owner, ConversationId id, ConversationChange change) {
        var rules = new QuestionRules(validator);
        Optional<String> title = rules.title(change.title());
        Optional<String> agent = rules.agent("agent", change.agent());
        rules.refuseFaults();
        return conversations.change(
                owner, id, new ConversationChange(title, agent, change.pinned(), change.archived()));
    }
}
