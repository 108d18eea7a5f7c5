package dev.steward.assistant.dialogue;

import dev.steward.assistant.output.FailureWords;
import dev.steward.base.ErrorCode;
import dev.steward.models.ModelException;

/// What to do about a model's failure, and the failures that are noticed here.
final class Failures {

    /// What a turn does next.
    enum Remedy {
        /// No model is there: not the turn's failure; it waits until one is back.
        WAIT,
        /// It may go better soon; counted.
        TRY_AGAIN,
        /// The same again gives the same.
        GIVE_UP
    }

    private Failures() {}

    static Remedy remedy(ModelException.Kind kind) {
        return switch (kind) {
            case NO_BACKEND, MODEL_NOT_AVAILABLE, CONNECTION, BREAKER_OPEN -> Remedy.WAIT;
            case TIMEOUT, OVERLOADED, BACKEND_ERROR, PROTOCOL -> Remedy.TRY_AGAIN;
            case REFUSED, TOO_LONG, PROMPT_TOO_LONG -> Remedy.GIVE_UP;
        };
    }

    static ModelException timeout() {
        return of(ModelException.Kind.TIMEOUT, ErrorCode.TASK_TIMEOUT);
    }

    static ModelException tooLong() {
        return of(ModelException.Kind.TOO_LONG, ErrorCode.INVALID_INPUT);
    }

    /// A whole answer without a single character.
    static ModelException nothingSaid() {
        return of(ModelException.Kind.PROTOCOL, ErrorCode.NETWORK_ERROR);
    }

    private static ModelException of(ModelException.Kind kind, ErrorCode code) {
        return new ModelException(kind, code, FailureWords.whatHappened(kind).english(), null, null);
    }
}
