package dev.steward.assistant.output;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.models.ModelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people read when something fails: what happened, whether their work is safe, what Steward does about it,
/// what they can do (RES-12). Plain sentences without names of classes, hosts or ids.
public final class FailureWords {

    /// While no model can be reached (CHAT-14).
    public static final Wording WAITING = Saying.WAITING_FOR_MODEL.said();

    /// When a turn goes on after its attempt was cut off.
    public static final Wording RESUMED = Saying.RESUMED.said();

    /// When nothing automatic helped.
    public static final Wording OPERATOR_TOLD = Saying.OPERATOR_TOLD.said();

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
        return total == 0 ? Saying.NOT_BEGUN.said() : Saying.READING.said(100 * (long) read / total);
    }

    /// What happened, as half a sentence that the others go on from.
    public static Wording whatHappened(ModelException.Kind kind) {
        return Saying.valueOf(kind.name()).said();
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
        return whatHappened(kind).then(Saying.TRYING_AGAIN.said());
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
        Wording pass = charsPass > 0 ? Saying.SEND_FEWER_CHARACTERS.said(charsPass) : Saying.CHOOSE_MORE_ROOM.said();
        Wording unread = Saying.NOTHING_ASKED.said(chars);
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
        return said ? Saying.QUESTION_AND_PART_KEPT.said() : Saying.QUESTION_KEPT.said();
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
            case MODEL_NOT_AVAILABLE -> Saying.CHOOSE_OR_INSTALL_MODEL.said();
            case REFUSED ->
                code == ErrorCode.INVALID_INPUT
                        ? Saying.CHANGE_MESSAGE_OR_MODEL.said()
                        : Saying.CONFIGURATION_WRONG.said();
            case TOO_LONG -> Saying.ASK_SHORTER.said();
            case PROMPT_TOO_LONG -> Saying.SHORTEN_MESSAGE.said();
            case CONNECTION, TIMEOUT, OVERLOADED, BACKEND_ERROR, PROTOCOL, BREAKER_OPEN, NO_BACKEND ->
                Saying.REGENERATE_LATER.said();
        };
    }

    /// What the operator can do about a kind of failure; empty: it is the person's own to change.
    public static Optional<String> forOperators(ModelException.Kind kind, ErrorCode code) {
        return switch (kind) {
            case TOO_LONG, PROMPT_TOO_LONG -> Optional.empty();
            case REFUSED ->
                code == ErrorCode.INVALID_INPUT ? Optional.empty() : Optional.of(Saying.CORRECT_BACKEND.english());
            case MODEL_NOT_AVAILABLE -> Optional.of(Saying.PULL_MODEL.english());
            case CONNECTION, NO_BACKEND, BREAKER_OPEN -> Optional.of(Saying.START_OR_ADD_BACKEND.english());
            case TIMEOUT, OVERLOADED -> Optional.of(Saying.GIVE_LESS_TO_DO.english());
            case BACKEND_ERROR, PROTOCOL -> Optional.of(Saying.LOOK_AT_ITS_LOG.english("{name}"));
        };
    }

    /// No model came back for as long as a turn may wait.
    public static Told waitedTooLong(Duration waited) {
        Wording cure = Saying.START_MODEL_SERVER.said();
        Wording gone = Saying.NO_MODEL_FOR_HOURS.said(waited.toHours());
        ErrorCode code = ErrorCode.SERVICE_UNAVAILABLE;
        return new Told(gone.then(cure), code, code.status(), "No model for too long", cure.english(), null);
    }

    /// A task ended without an answer: its last attempt crashed, its time was over, or something unforeseen
    /// happened.
    public static Told gaveUp(ErrorCode code) {
        Wording cure = Saying.REGENERATE.said();
        Wording tried = Saying.GAVE_UP.said();
        return new Told(tried.then(cure), code, code.status(), "Answer not finished", cure.english(), null);
    }
}
