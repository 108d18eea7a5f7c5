package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One message of a person and the assistant's reply to it.
///
/// @param slot             place in the conversation, from 1; a turn that stands instead of another has the same
/// @param parent           the turn that it follows; empty: it begins the conversation
/// @param answers          all turns that answer these words in this place, oldest first, this one too
/// @param wordings         for each wording of the message in this place, oldest first, the newest turn that has it
/// @param regenerates      the turn that this one replaces
/// @param replacedBy       the newest turn that replaces this one
/// @param task             the durable task that answers it
/// @param agentAsked       the agent that the person asked for
/// @param modelAsked       the model that the person asked for, as `backend/model`
/// @param agent            who answers; empty until that is decided
/// @param model            what answered, as `backend/model`; empty until the answer is whole
/// @param failures         attempts that failed; waits for a model don't count
/// @param lastSeq          number of its newest event; 0: none yet
/// @param inputFlags       signs in the message that deserve a look, a JSON array
/// @param answer           what was said so far; whole only when `status` is completed
/// @param problem          why it failed, a JSON object
/// @param traceId          joins logs, traces and this turn: the W3C trace of the request that made it
public record Turn(
        TurnId id,
        ConversationId conversation,
        UserId owner,
        int slot,
        Optional<TurnId> parent,
        List<TurnId> answers,
        List<TurnId> wordings,
        Optional<TurnId> regenerates,
        Optional<TurnId> replacedBy,
        UUID task,
        Optional<String> agentAsked,
        Optional<String> modelAsked,
        Optional<String> agent,
        Optional<String> model,
        TurnStatus status,
        int failures,
        long lastSeq,
        String message,
        String inputFlags,
        String answer,
        int promptTokens,
        int completionTokens,
        Optional<String> finishReason,
        Optional<String> problem,
        String traceId,
        Instant created,
        Instant updated,
        Optional<Instant> completedAt) {

    public Turn {
        requireNonNull(id, "id");
        requireNonNull(conversation, "conversation");
        requireNonNull(owner, "owner");
        requireNonNull(parent, "parent");
        answers = List.copyOf(answers);
        wordings = List.copyOf(wordings);
        requireNonNull(regenerates, "regenerates");
        requireNonNull(replacedBy, "replacedBy");
        requireNonNull(task, "task");
        requireNonNull(agentAsked, "agentAsked");
        requireNonNull(modelAsked, "modelAsked");
        requireNonNull(agent, "agent");
        requireNonNull(model, "model");
        requireNonNull(status, "status");
        requireNonNull(message, "message");
        requireNonNull(inputFlags, "inputFlags");
        requireNonNull(answer, "answer");
        requireNonNull(finishReason, "finishReason");
        requireNonNull(problem, "problem");
        requireNonNull(traceId, "traceId");
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
        requireNonNull(completedAt, "completedAt");
    }

    Turn withAnswer(String text) {
        return new Turn(
                id,
                conversation,
                owner,
                slot,
                parent,
                answers,
                wordings,
                regenerates,
                replacedBy,
                task,
                agentAsked,
                modelAsked,
                agent,
                model,
                status,
                failures,
                lastSeq,
                message,
                inputFlags,
                text,
                promptTokens,
                completionTokens,
                finishReason,
                problem,
                traceId,
                created,
                updated,
                completedAt);
    }

    /// The same turn with the agent that was found for it.
    public Turn withAgent(String name) {
        return new Turn(
                id,
                conversation,
                owner,
                slot,
                parent,
                answers,
                wordings,
                regenerates,
                replacedBy,
                task,
                agentAsked,
                modelAsked,
                Optional.of(name),
                model,
                status,
                failures,
                lastSeq,
                message,
                inputFlags,
                answer,
                promptTokens,
                completionTokens,
                finishReason,
                problem,
                traceId,
                created,
                updated,
                completedAt);
    }
}
