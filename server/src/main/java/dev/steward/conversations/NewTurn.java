package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.Optional;
import java.util.UUID;

/// A turn to be accepted.
///
/// @param id          chosen before, so that accepting it twice is accepting it once
/// @param task        the durable task that will answer it
/// @param agent       the agent asked for; empty: whoever fits
/// @param model       the model asked for, as `backend/model`; empty: the agent's own
/// @param message     what the person says, validated; no NUL, no lone surrogates
/// @param inputFlags  signs in the message that deserve a look, a JSON array
/// @param place       where it stands; of a turn that is answered anew: beside that one
/// @param regenerates the turn that it replaces, of the same conversation
/// @param traceId     the W3C trace of the request, 32 hexadecimal digits
public record NewTurn(
        TurnId id,
        ConversationId conversation,
        UserId owner,
        UUID task,
        Optional<String> agent,
        Optional<String> model,
        String message,
        String inputFlags,
        Place place,
        Optional<TurnId> regenerates,
        String traceId) {

    public NewTurn {
        requireNonNull(id, "id");
        requireNonNull(conversation, "conversation");
        requireNonNull(owner, "owner");
        requireNonNull(task, "task");
        requireNonNull(agent, "agent");
        requireNonNull(model, "model");
        requireNonNull(message, "message");
        requireNonNull(inputFlags, "inputFlags");
        requireNonNull(place, "place");
        requireNonNull(regenerates, "regenerates");
        requireNonNull(traceId, "traceId");
    }

    /// Where a turn stands in its conversation.
    public sealed interface Place {

        /// After the turn that was made last.
        record Newest() implements Place {}

        /// After this turn; a branch begins if something follows it already.
        ///
        /// @param field where it was named, for what is said when it does not fit
        record After(TurnId turn, String field) implements Place {
            public After {
                requireNonNull(turn, "turn");
                requireNonNull(field, "field");
            }
        }

        /// Instead of this turn, which stays: both follow the same one.
        ///
        /// @param field where it was named, for what is said when it does not fit
        record InsteadOf(TurnId turn, String field) implements Place {
            public InsteadOf {
                requireNonNull(turn, "turn");
                requireNonNull(field, "field");
            }
        }
    }
}
