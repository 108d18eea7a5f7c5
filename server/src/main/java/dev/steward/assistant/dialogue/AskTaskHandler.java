package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.TurnId;
import dev.steward.schedules.SpokenSchedules;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskHandler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Tasks of type `ask`: a message that comes by itself at its time. It is asked where it was wished for, and
/// answered as any other message there, once: the turn has the task's id.
final class AskTaskHandler implements TaskHandler {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CONCURRENCY_MAX = 16;

    private final TurnService turns;
    private final Conversations conversations;

    AskTaskHandler(TurnService turns, Conversations conversations) {
        this.turns = requireNonNull(turns, "turns");
        this.conversations = requireNonNull(conversations, "conversations");
    }

    @Override
    public String type() {
        return SpokenSchedules.ASK;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public int concurrencyMax() {
        return CONCURRENCY_MAX;
    }

    @Override
    public String run(TaskAttempt attempt) {
        var wished = new ConversationId(UUID.fromString(Jsons.field(attempt.input(), "conversation")));
        ConversationId conversation = there(attempt, wished) ? wished : anew(attempt);
        TurnId turn = new TurnId(attempt.task().value());
        var question = new TurnService.Question(
                Jsons.field(attempt.input(), "message"),
                Optional.empty(),
                Optional.empty(),
                new NewTurn.Place.Newest(),
                attempt.task().toString());
        turns.ask(attempt.owner(), conversation, turn, question);
        return Jsons.object(Map.of("conversation_id", conversation.toString(), "turn_id", turn.toString()));
    }

    private boolean there(TaskAttempt attempt, ConversationId conversation) {
        try {
            conversations.find(attempt.owner(), conversation);
            return true;
        } catch (StewardException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    /// Where it was wished for is deleted: it gets a conversation of its own.
    private ConversationId anew(TaskAttempt attempt) {
        var id = new ConversationId(attempt.task().value());
        return conversations
                .create(attempt.owner(), id, Optional.empty(), Optional.empty())
                .id();
    }
}
