package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model could not answer. Its message names the backend and says what happened, for people.
public final class ModelException extends StewardException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What went wrong, as the breaker, the retry and the reader tell it apart.
    public enum Kind {
        /// The backend has no such model.
        MODEL_NOT_AVAILABLE,
        /// No connection, or it broke.
        CONNECTION,
        /// Nothing came in time: connecting, first token, between tokens, whole answer.
        TIMEOUT,
        /// The backend is over capacity: 429.
        OVERLOADED,
        /// The backend failed by itself: 5xx, an error inside a stream.
        BACKEND_ERROR,
        /// The backend refused the request: 4xx. Asking again gives the same.
        REFUSED,
        /// What came is not the protocol: garbage, half a JSON, a stream cut before its end.
        PROTOCOL,
        /// The breaker is open: nothing was sent.
        BREAKER_OPEN,
        /// No backend is configured or reachable at all.
        NO_BACKEND,
        /// The answer grew past its limit.
        TOO_LONG,
        /// What was asked is more than the model can take in at once. Another model may have room for it.
        PROMPT_TOO_LONG
    }

    public ModelException(
            Kind kind, ErrorCode code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(code, code.status(), message, retryAfter, List.of(), cause);
        this.kind = requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }
}
