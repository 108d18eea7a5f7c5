package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.input.InputFlag;
import dev.steward.assistant.input.InputValidator;
import dev.steward.base.ErrorCode;
import dev.steward.base.IdSource;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.Turns;
import dev.steward.database.Transactions;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.telemetry.Correlation;
import java.util.List;
import java.util.Optional;

/// Takes messages in. What it accepted is committed: the message is in the log and its task in the queue, both or
/// none.
///
/// Safe for use by many threads.
public final class TurnService {

    private final Turns turns;
    private final TaskQueue tasks;
    private final Line line;
    private final InputValidator validator;
    private final Transactions transactions;
    private final IdSource ids;

    TurnService(
            Turns turns,
            TaskQueue tasks,
            Line line,
            InputValidator validator,
            Transactions transactions,
            IdSource ids) {
        this.turns = requireNonNull(turns, "turns");
        this.tasks = requireNonNull(tasks, "tasks");
        this.line = requireNonNull(line, "line");
        this.validator = requireNonNull(validator, "validator");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
    }

    /// What a person says.
    ///
    /// @param agent   the agent asked for, in any case; empty: whoever fits
    /// @param model   the model asked for, as `backend/model`
    /// @param place   where in the conversation
    /// @param request the request's id
    public record Question(
            String message, Optional<String> agent, Optional<String> model, NewTurn.Place place, String request) {

        public Question {
            requireNonNull(message, "message");
            requireNonNull(agent, "agent");
            requireNonNull(model, "model");
            requireNonNull(place, "place");
            requireNonNull(request, "request");
        }
    }

    /// Accepts a message. The same id again changes nothing and gives the turn as it is.
    ///
    /// @throws dev.steward.base.StewardException `validation_error`; `not_found`; `rate_limit_exceeded` when the
    ///                                           conversation has too many messages waiting;
    ///                                           `service_unavailable` when
    ///                                           the queue is full
    public Turn ask(UserId owner, ConversationId conversation, TurnId id, Question question) {
        var rules = new QuestionRules(validator);
        List<InputFlag> flags = rules.message("message", question.message());
        Optional<String> agent = rules.agent("agent", question.agent());
        rules.model(question.model());
        rules.refuseFaults();
        NewTurn asked = new NewTurn(
                id,
                conversation,
                owner,
                ids.next(),
                agent,
                question.model(),
                question.message(),
                Jsons.flags(flags),
                question.place(),
                Optional.empty(),
                traceId(question.request()));
        return accept(asked, question.request());
    }

    /// Has a turn answered anew. The old answer stays, and so does what followed it, as a branch of its own; the new
    /// one begins another in the same place.
    ///
    /// @throws dev.steward.base.StewardException `not_found`; 409 while the turn is still being answered
    public Turn regenerate(UserId owner, TurnId old, TurnId id, String request) {
        Turn replaced = turns.find(owner, old);
        if (replaced.message().isEmpty()) {
            throw new StewardException(ErrorCode.INVALID_INPUT, 409, Saying.SAID_UNASKED.said(), null, List.of(), null);
        }
        NewTurn anew = new NewTurn(
                id,
                replaced.conversation(),
                owner,
                ids.next(),
                replaced.agentAsked(),
                replaced.modelAsked(),
                replaced.message(),
                replaced.inputFlags(),
                new NewTurn.Place.InsteadOf(old, "id"),
                Optional.of(old),
                traceId(request));
        return accept(anew, request);
    }

    /// Stops a turn; one that has ended stays as it is.
    ///
    /// @return the turn as it is afterwards
    /// @throws dev.steward.base.StewardException `not_found`
    public Turn cancel(UserId owner, TurnId id) {
        return transactions.inOne(() -> {
            Turn turn = turns.find(owner, id);
            if (turn.status().ended()) {
                return turn;
            }
            // The task first, as every other end of a turn does it: the other order could deadlock.
            tasks.cancel(owner, new TaskId(turn.task()));
            turns.cancel(owner, id);
            line.moveUp(turn);
            return turns.find(owner, id);
        });
    }

    /// The id under which the logs and traces of this work are found.
    private static String traceId(String otherwise) {
        return Correlation.current(Correlation.Id.TRACE).orElse(otherwise);
    }

    private Turn accept(NewTurn turn, String request) {
        return transactions.inOne(() -> {
            Turns.Accepted accepted = turns.accept(turn);
            if (accepted.created()) {
                tasks.accept(new NewTask(
                        new TaskId(turn.task()),
                        turn.owner(),
                        TurnTaskHandler.TYPE,
                        Priority.HIGH,
                        "Answer a message",
                        Jsons.turnInput(turn.id()),
                        Optional.empty(),
                        Optional.empty(),
                        TurnTaskHandler.RETRIES_MAX,
                        Optional.of(request)));
            }
            return accepted.turn();
        });
    }
}
