package dev.steward.assistant.output;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.models.ModelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people read when something fails: what happened, whether their work is safe, what Steward does about it,
/// what they can do (RES-12). Plain sentences without names of classes, hosts or ids.
public final class FailureWords {

    /// While no model can be reached (CHAT-14).
    public static final String WAITING =
            "No language model can be reached now; your question is kept and will be answered as soon as one is back.";

    /// When a turn goes on after its attempt was cut off.
    public static final String RESUMED = "The answer was interrupted and goes on from where it was.";

    /// When nothing automatic helped.
    public static final String OPERATOR_TOLD =
            "Nothing that Steward can do by itself helped; the operator has been told.";

    /// When an agent that was to be asked did not answer.
    public static String notConsulted(String agent) {
        return agent + " could not be asked for advice just now, so the answer is given without it.";
    }

    /// What can't be done as it was asked (RFC 9110, section 15.5.21).
    private static final int UNPROCESSABLE = 422;

    private FailureWords() {}

    /// What a person is told about a turn that failed.
    ///
    /// @param title what happened, in a few words
    /// @param help  what they can do
    public record Told(StewardException failure, String title, String help) {

        public Told {
            requireNonNull(failure, "failure");
            requireNonNull(title, "title");
            requireNonNull(help, "help");
        }

        /// The whole sentence.
        public String detail() {
            return String.valueOf(failure.getMessage());
        }
    }

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
            case PROMPT_TOO_LONG -> "The message is too long for this model to read in one piece.";
        };
    }

    /// What happened, in the words of a headline.
    private static String title(ModelException.Kind kind) {
        return switch (kind) {
            case MODEL_NOT_AVAILABLE -> "Model not available";
            case CONNECTION -> "Model server not reachable";
            case TIMEOUT -> "Model took too long";
            case OVERLOADED -> "Model server overloaded";
            case BACKEND_ERROR -> "Model server failed";
            case REFUSED -> "Request refused by the model server";
            case PROTOCOL -> "Answer can't be read";
            case BREAKER_OPEN -> "Model server left alone for now";
            case NO_BACKEND -> "No model connected";
            case TOO_LONG -> "Answer too long";
            case PROMPT_TOO_LONG -> "Message too long for the model";
        };
    }

    /// While the turn is tried again: one sentence for the `recovery` event.
    public static String tryingAgain(ModelException.Kind kind) {
        return whatHappened(kind) + " Nothing is lost; Steward tries again by itself.";
    }

    /// When the turn fails for good: all four parts.
    ///
    /// @param said whether part of an answer stands above
    public static Told failed(ModelException failure, boolean said) {
        ModelException.Kind kind = failure.kind();
        return told(
                kind,
                code(kind, failure.code()),
                kept(said),
                cure(kind, failure.code()),
                failure.retryAfter().orElse(null));
    }

    /// A message that no model of the chain can read in one piece; nothing was asked.
    ///
    /// @param chars     how long the message is
    /// @param charsPass how long a message may be, roughly; 0: not even a short one fits
    public static Told messageTooLong(int chars, int charsPass) {
        String pass = charsPass > 0
                ? "Send about " + charsPass
                        + " characters or fewer, split it into several messages, or choose a model with" + " more room."
                : "Choose a model with more room.";
        return new Told(
                new StewardException(
                        ErrorCode.INVALID_INPUT,
                        UNPROCESSABLE,
                        whatHappened(ModelException.Kind.PROMPT_TOO_LONG) + " It has " + chars
                                + " characters. Nothing was asked, so that no part of it is left unread. "
                                + kept(false) + " " + pass,
                        null,
                        List.of(),
                        null),
                title(ModelException.Kind.PROMPT_TOO_LONG),
                pass);
    }

    private static Told told(
            ModelException.Kind kind, ErrorCode code, String safe, String cure, @Nullable Duration retryAfter) {
        int status = code == ErrorCode.INVALID_INPUT ? UNPROCESSABLE : code.status();
        return new Told(
                new StewardException(
                        code, status, whatHappened(kind) + " " + safe + " " + cure, retryAfter, List.of(), null),
                title(kind),
                cure);
    }

    private static String kept(boolean said) {
        return said ? "Your question and the part of the answer above are kept." : "Your question is kept.";
    }

    /// What is the person's to change is no failure of Steward's.
    private static ErrorCode code(ModelException.Kind kind, ErrorCode told) {
        return switch (kind) {
            case TOO_LONG, PROMPT_TOO_LONG -> ErrorCode.INVALID_INPUT;
            case MODEL_NOT_AVAILABLE,
                    CONNECTION,
                    TIMEOUT,
                    OVERLOADED,
                    BACKEND_ERROR,
                    REFUSED,
                    PROTOCOL,
                    BREAKER_OPEN,
                    NO_BACKEND -> told;
        };
    }

    private static String cure(ModelException.Kind kind, ErrorCode code) {
        return switch (kind) {
            case MODEL_NOT_AVAILABLE ->
                "Choose another model, or install this one with `steward model install` or at its server, then"
                        + " regenerate the answer.";
            case REFUSED ->
                code == ErrorCode.INVALID_INPUT
                        ? "Trying the same again would give the same, so Steward does not; change the message or choose"
                                + " another model."
                        : "Its entry in the configuration has to be corrected, which the operator has been told; choose"
                                + " another model until then.";
            case TOO_LONG -> "Ask for a shorter answer, or ask it to go on.";
            case PROMPT_TOO_LONG -> "Shorten the message, split it into several, or choose a model with more room.";
            case CONNECTION, TIMEOUT, OVERLOADED, BACKEND_ERROR, PROTOCOL, BREAKER_OPEN, NO_BACKEND ->
                "Steward has tried as long as it may; regenerate the answer later or choose another model.";
        };
    }

    /// What the operator can do about a kind of failure; empty: it is the person's own to change.
    public static Optional<String> forOperators(ModelException.Kind kind, ErrorCode code) {
        return switch (kind) {
            case TOO_LONG, PROMPT_TOO_LONG -> Optional.empty();
            case REFUSED ->
                code == ErrorCode.INVALID_INPUT
                        ? Optional.empty()
                        : Optional.of("Correct the backend's entry under `backends`: its url or its key.");
            case MODEL_NOT_AVAILABLE ->
                Optional.of("Pull the model at its server, install it with `steward model install`, or take it out of"
                        + " the chain.");
            case CONNECTION, NO_BACKEND, BREAKER_OPEN ->
                Optional.of("Start the model server, check its url, or add a backend to the chain; GET /api/v1/backends"
                        + " tells what each one says.");
            case TIMEOUT, OVERLOADED ->
                Optional.of("Give the model server less to do or a faster machine, add a backend to the chain, or raise"
                        + " `models.timeouts`.");
            case BACKEND_ERROR, PROTOCOL ->
                Optional.of(
                        "Look at the model server's own log; POST /api/v1/backends/{name}/test asks it in earnest.");
        };
    }

    /// No model came back for as long as a turn may wait.
    public static Told waitedTooLong(Duration waited) {
        String cure = "Start a model server or install the built-in model, then regenerate the answer.";
        return new Told(
                new StewardException(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        "No language model could be reached for " + waited.toHours()
                                + " hours. Your question is kept in the conversation. " + cure),
                "No model for too long",
                cure);
    }

    /// A task ended without an answer: its last attempt crashed, its time was over, or something unforeseen
    /// happened.
    public static Told gaveUp(ErrorCode code) {
        String cure = "Regenerate the answer to try anew.";
        return new Told(
                new StewardException(
                        code,
                        "Steward could not finish this answer, although it tried several times. Your question and what"
                                + " was said so far are kept, and the operator can see what happened. " + cure),
                "Answer not finished",
                cure);
    }
}
