package dev.steward.assistant.output;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.models.ModelException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people read when something fails: what happened, whether their work is safe, what Steward does about it,
/// what they can do (RES-12). Plain sentences without names of classes, hosts or ids.
public final class FailureWords {

    /// While no model can be reached (CHAT-14).
    public static final Wording WAITING = Wording.of(
            "waiting_for_model",
            "No language model can be reached now; your question is kept and will be answered as soon as one is back.");

    /// When a turn goes on after its attempt was cut off.
    public static final Wording RESUMED =
            Wording.of("resumed", "The answer was interrupted and goes on from where it was.");

    /// When nothing automatic helped.
    public static final Wording OPERATOR_TOLD =
            Wording.of("operator_told", "Nothing that Steward can do by itself helped; the operator has been told.");

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

        private Told(Wording said, ErrorCode code, int status, String title, String help, @Nullable Duration later) {
            this(new StewardException(code, status, said, later, List.of(), null), title, help);
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
    public static Wording reading(int read, int total) {
        if (total == 0) {
            return Wording.of(
                    "not_begun",
                    "The model has not begun to answer yet; it may be busy or being loaded. Steward goes on waiting.");
        }
        long percent = 100 * (long) read / total;
        return Wording.of(
                "reading", Map.of("percent", percent), "The model is reading what it was given: " + percent + " %.");
    }

    /// What happened, as half a sentence that the others go on from.
    public static Wording whatHappened(ModelException.Kind kind) {
        String english = switch (kind) {
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
        return Wording.of(kind.name().toLowerCase(Locale.ROOT), english);
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
    public static Wording tryingAgain(ModelException.Kind kind) {
        return whatHappened(kind).then(Wording.of("trying_again", "Nothing is lost; Steward tries again by itself."));
    }

    /// When the turn fails for good: all four parts.
    ///
    /// @param said whether part of an answer stands above
    public static Told failed(ModelException failure, boolean said) {
        ModelException.Kind kind = failure.kind();
        Wording cure = cure(kind, failure.code());
        ErrorCode code = code(kind, failure.code());
        return new Told(
                whatHappened(kind).then(kept(said)).then(cure),
                code,
                code == ErrorCode.INVALID_INPUT ? UNPROCESSABLE : code.status(),
                title(kind),
                cure.english(),
                failure.retryAfter().orElse(null));
    }

    /// A message that no model of the chain can read in one piece; nothing was asked.
    ///
    /// @param chars     how long the message is
    /// @param charsPass how long a message may be, roughly; 0: not even a short one fits
    public static Told messageTooLong(int chars, int charsPass) {
        Wording pass = charsPass > 0
                ? Wording.of(
                        "send_fewer_characters",
                        Map.of("characters", charsPass),
                        "Send about " + charsPass
                                + " characters or fewer, split it into several messages, or choose a model with more"
                                + " room.")
                : Wording.of("choose_more_room", "Choose a model with more room.");
        Wording unread = Wording.of(
                "nothing_asked",
                Map.of("characters", chars),
                "It has " + chars + " characters. Nothing was asked, so that no part of it is left unread.");
        ModelException.Kind kind = ModelException.Kind.PROMPT_TOO_LONG;
        return new Told(
                whatHappened(kind).then(unread).then(kept(false)).then(pass),
                ErrorCode.INVALID_INPUT,
                UNPROCESSABLE,
                title(kind),
                pass.english(),
                null);
    }

    private static Wording kept(boolean said) {
        return said
                ? Wording.of("question_and_part_kept", "Your question and the part of the answer above are kept.")
                : Wording.of("question_kept", "Your question is kept.");
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

    private static Wording cure(ModelException.Kind kind, ErrorCode code) {
        return switch (kind) {
            case MODEL_NOT_AVAILABLE ->
                Wording.of(
                        "choose_or_install_model",
                        "Choose another model, or install this one with `steward model install` or at its server, then"
                                + " regenerate the answer.");
            case REFUSED ->
                code == ErrorCode.INVALID_INPUT
                        ? Wording.of(
                                "change_message_or_model",
                                "Trying the same again would give the same, so Steward does not; change the message or"
                                        + " choose another model.")
                        : Wording.of(
                                "configuration_wrong",
                                "Its entry in the configuration has to be corrected, which the operator has been told;"
                                        + " choose another model until then.");
            case TOO_LONG -> Wording.of("ask_shorter", "Ask for a shorter answer, or ask it to go on.");
            case PROMPT_TOO_LONG ->
                Wording.of(
                        "shorten_message",
                        "Shorten the message, split it into several, or choose a model with more room.");
            case CONNECTION, TIMEOUT, OVERLOADED, BACKEND_ERROR, PROTOCOL, BREAKER_OPEN, NO_BACKEND ->
                Wording.of(
                        "regenerate_later",
                        "Steward has tried as long as it may; regenerate the answer later or choose another model.");
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
        Wording cure = Wording.of(
                "start_model_server",
                "Start a model server or install the built-in model, then regenerate the answer.");
        Wording gone = Wording.of(
                "no_model_for_hours",
                Map.of("hours", waited.toHours()),
                "No language model could be reached for " + waited.toHours()
                        + " hours. Your question is kept in the conversation.");
        ErrorCode code = ErrorCode.SERVICE_UNAVAILABLE;
        return new Told(gone.then(cure), code, code.status(), "No model for too long", cure.english(), null);
    }

    /// A task ended without an answer: its last attempt crashed, its time was over, or something unforeseen
    /// happened.
    public static Told gaveUp(ErrorCode code) {
        Wording cure = Wording.of("regenerate", "Regenerate the answer to try anew.");
        Wording tried = Wording.of(
                "gave_up",
                "Steward could not finish this answer, although it tried several times. Your question and what was said"
                        + " so far are kept, and the operator can see what happened.");
        return new Told(tried.then(cure), code, code.status(), "Answer not finished", cure.english(), null);
    }
}
