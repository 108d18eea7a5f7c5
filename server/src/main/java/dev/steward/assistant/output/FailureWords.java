package dev.steward.assistant.output;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.models.ModelException;
import java.time.Duration;
import java.util.List;

/// What people read when something fails: what happened, whether their work is safe, what Steward does about it,
/// what
/// they can do (RES-12). Plain sentences without names of classes, hosts or ids.
public final class FailureWords {

    /// While no model can be reached (CHAT-14).
    public static final String WAITING =
            "No language model can be reached now; your question is kept and will be answered as soon as one is back.";

    /// When a turn goes on after its attempt was cut off.
    public static final String RESUMED = "The answer was interrupted and goes on from where it was.";

    /// When an agent that was to be asked did not answer.
    public static String notConsulted(String agent) {
        return agent + " could not be asked for advice just now, so the answer is given without it.";
    }

    private FailureWords() {}

    /// While a model has not begun to answer.
    ///
    /// @param read  tokens of the prompt that are read
    /// @param total tokens of the prompt; 0 when it waits for its turn, or nobody tells
    public static String reading(int read, int total) {
        return total > 0
                ? "The model is reading what it was given: " + 100 * (long) read / total + " %."
                : "The model has not begun to answer yet; it may be busy or being loaded. Steward goes on waiting.";
    }

    /// What happened, as half a sentence that the others go on from.
    public static String whatHappened(ModelException.Kind kind) {
        return switch (kind) {
            case MODEL_NOT_AVAILABLE -> "The chosen model is not available.";
            case CONNECTION -> "The model server could not be reached.";
            case TIMEOUT -> "The model did not answer in time.";
            case OVERLOADED -> "The model server has more requests than it can take.";
            case BACKEND_ERROR -> "The model server reported an error of its own.";
            case REFUSED -> "The model server refused this request.";
            case PROTOCOL -> "The model server sent an answer that can't be read.";
            case BREAKER_OPEN -> "The model server failed several times in a row and is being left alone for a moment.";
            case NO_BACKEND -> "No language model is set up or reachable.";
            case TOO_LONG -> "The answer grew past the length limit and was stopped.";
        };
    }

    /// While the turn is tried again: one sentence for the `recovery` event.
    public static String tryingAgain(ModelException.Kind kind) {
        return whatHappened(kind) + " Nothing is lost; Steward tries again by itself.";
    }

    /// When the turn fails for good: all four parts.
    ///
    /// @param said whether part of an answer stands above
    public static StewardException failed(ModelException failure, boolean said) {
        ModelException.Kind kind = failure.kind();
        String safe = said ? "Your question and the part of the answer above are kept." : "Your question is kept.";
        String cure = switch (kind) {
            case MODEL_NOT_AVAILABLE ->
                "Choose another model, or install this one with `steward model install` or at its server, then"
                        + " regenerate the answer.";
            case REFUSED ->
                "Trying the same again would give the same, so Steward does not; change the message or choose"
                        + " another model.";
            case TOO_LONG -> "Ask for a shorter answer, or ask it to go on.";
            case CONNECTION, TIMEOUT, OVERLOADED, BACKEND_ERROR, PROTOCOL, BREAKER_OPEN, NO_BACKEND ->
                "Steward has tried as long as it may; regenerate the answer later or choose another model.";
        };
        return new StewardException(
                failure.code(),
                failure.status(),
                whatHappened(kind) + " " + safe + " " + cure,
                failure.retryAfter().orElse(null),
                List.of(),
                null);
    }

    /// No model came back for as long as a turn may wait.
    public static StewardException waitedTooLong(Duration waited) {
        return new StewardException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "No language model could be reached for " + waited.toHours() + " hours. Your question is kept in the"
                        + " conversation. Start a model server or install the built-in model, then regenerate the"
                        + " answer.");
    }

    /// An answer past the limit that Steward itself sets.
    public static StewardException tooLong() {
        return new StewardException(
                ErrorCode.TASK_EXECUTION_FAILED,
                whatHappened(ModelException.Kind.TOO_LONG)
                        + " Your question and the part of the answer above are kept. Ask for a shorter answer, or ask it to"
                        + " go on.");
    }

    /// A task ended without an answer: its last attempt crashed, its time was over, or something unforeseen
    /// happened.
    public static StewardException gaveUp(ErrorCode code) {
        return new StewardException(
                code,
                "Steward could not finish this answer, although it tried several times. Your question and what was said"
                        + " so far are kept, and the operator can see what happened. Regenerate the answer to try anew.");
    }
}
