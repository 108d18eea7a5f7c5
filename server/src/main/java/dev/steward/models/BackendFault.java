package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One call to one backend failed. Stays inside the room: what callers see is a [ModelException] for the whole chain.
final class BackendFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final ModelException.Kind kind;
    private final String reason;
    private final String help;
    private final ErrorCode code;
    private final transient @Nullable Duration retryAfter;

    /// @param reason what the backend did, to follow its name in a sentence: `did not answer in 30 s`
    /// @param help   a sentence on what a person can do; may be empty
    BackendFault(ModelException.Kind kind, String reason, String help, @Nullable Throwable cause) {
        this(kind, code(kind), reason, help, null, cause);
    }

    /// @param code       what callers are told, where it differs from what goes with the kind
    /// @param retryAfter when the backend wants to be asked again, from now
    BackendFault(
            ModelException.Kind kind,
            ErrorCode code,
            String reason,
            String help,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(reason, cause, false, false);
        this.kind = requireNonNull(kind, "kind");
        this.code = requireNonNull(code, "code");
        this.reason = requireNonNull(reason, "reason");
        this.help = requireNonNull(help, "help");
        this.retryAfter = retryAfter;
    }

    /// What is said of a backend, without its name, as a reason.
    ///
    /// @param saying begins with `{backend}`
    /// @param values of the saying, but for the backend
    static String reason(Saying saying, Object... values) {
        Object[] all = new Object[values.length + 1];
        all[0] = "";
        System.arraycopy(values, 0, all, 1, values.length);
        return saying.english(all).strip();
    }

    ModelException.Kind kind() {
        return kind;
    }

    String reason() {
        return reason;
    }

    String help() {
        return help;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    ErrorCode code() {
        return code;
    }

    /// Whether another backend may do better. A request that breaks the rules breaks them everywhere, and what one
    /// backend refuses to talk about is not carried to the next.
    boolean mayGoElsewhere() {
        return kind != ModelException.Kind.REFUSED || code != ErrorCode.INVALID_INPUT;
    }

    /// Whether the same request may well succeed at the same backend a moment later.
    boolean worthRepeating() {
        return switch (kind) {
            case CONNECTION, OVERLOADED, BACKEND_ERROR, PROTOCOL -> true;
            case MODEL_NOT_AVAILABLE, TIMEOUT, REFUSED, BREAKER_OPEN, NO_BACKEND, TOO_LONG, PROMPT_TOO_LONG -> false;
        };
    }

    /// Whether it says that the backend is ill. A refusal or a full queue is the answer of a healthy one.
    boolean countsAgainstBackend() {
        return switch (kind) {
            case CONNECTION, TIMEOUT, BACKEND_ERROR, PROTOCOL, TOO_LONG -> true;
            case MODEL_NOT_AVAILABLE, OVERLOADED, REFUSED, BREAKER_OPEN, NO_BACKEND, PROMPT_TOO_LONG -> false;
        };
    }

    private static ErrorCode code(ModelException.Kind kind) {
        return switch (kind) {
            case MODEL_NOT_AVAILABLE -> ErrorCode.NOT_FOUND;
            case CONNECTION, BACKEND_ERROR, PROTOCOL, TOO_LONG -> ErrorCode.NETWORK_ERROR;
            case TIMEOUT -> ErrorCode.TASK_TIMEOUT;
            case OVERLOADED -> ErrorCode.RATE_LIMIT_EXCEEDED;
            case REFUSED, PROMPT_TOO_LONG -> ErrorCode.INVALID_INPUT;
            case BREAKER_OPEN, NO_BACKEND -> ErrorCode.SERVICE_UNAVAILABLE;
        };
    }
}
