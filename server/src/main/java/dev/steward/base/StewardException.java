package dev.steward.base;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Wording.Phrase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A failure that travels up to the edge, where it becomes a problem document (RFC 9457) or a turn's `failed` event.
///
/// Its message is for people: what happened, whether their work is safe, what to do. No internals, no secrets.
/// Rooms subclass it where callers need to tell a failure apart or where it carries its subject (RES-12).
public class StewardException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int status;
    private final transient @Nullable Duration retryAfter;
    private final transient List<FieldFault> faults;
    private final transient List<Phrase> words;

    public StewardException(ErrorCode code, String message) {
        this(code, code.status(), message, null, List.of(), null);
    }

    public StewardException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, code.status(), message, null, List.of(), cause);
    }

    /// @param status     the HTTP status, where it differs from the code's own (403, 409, 413, …)
    /// @param retryAfter earliest useful time to try again, from now; sent as `Retry-After`
    /// @param faults     the fields at fault, for `invalid_input` and `validation_error`
    public StewardException(
            ErrorCode code,
            int status,
            String message,
            @Nullable Duration retryAfter,
            List<FieldFault> faults,
            @Nullable Throwable cause) {
        this(code, status, new Wording(message, List.of()), retryAfter, faults, cause);
    }

    /// With a message that readers' programs can say in their own language.
    public StewardException(
            ErrorCode code,
            int status,
            Wording message,
            @Nullable Duration retryAfter,
            List<FieldFault> faults,
            @Nullable Throwable cause) {
        super(message.english(), cause);
        this.code = requireNonNull(code, "code");
        this.status = status;
        this.retryAfter = retryAfter;
        this.faults = List.copyOf(faults);
        this.words = message.phrases();
    }

    public StewardException(ErrorCode code, Wording message) {
        this(code, code.status(), message, null, List.of(), null);
    }

    /// The same body for a missing row and for somebody else's, so that ids can't be probed.
    public static StewardException notFound(String what) {
        return new StewardException(ErrorCode.NOT_FOUND, Saying.NO_SUCH.said(what));
    }

    /// A request whose fields break rules; nothing was changed.
    public static StewardException invalid(List<FieldFault> faults) {
        return new StewardException(
                ErrorCode.VALIDATION_ERROR,
                ErrorCode.VALIDATION_ERROR.status(),
                new Wording(
                        Saying.REQUEST_REFUSED.english() + " "
                                + faults.stream()
                                        .map(f -> f.field() + ": " + f.message())
                                        .collect(Collectors.joining("; ")),
                        List.of(new Phrase(Saying.REQUEST_REFUSED, Map.of()))),
                null,
                faults,
                null);
    }

    /// One field that breaks a rule; nothing was changed.
    public static StewardException invalid(String field, String rule, Wording message) {
        return invalid(List.of(new FieldFault(field, rule, message)));
    }

    /// A full queue, a limit reached, a part that is down: try again after `retryAfter`.
    public static StewardException busy(ErrorCode code, Wording message, Duration retryAfter) {
        return new StewardException(code, code.status(), message, retryAfter, List.of(), null);
    }

    /// The same, in English only.
    public static StewardException busy(ErrorCode code, String message, Duration retryAfter) {
        return busy(code, new Wording(message, List.of()), retryAfter);
    }

    public ErrorCode code() {
        return code;
    }

    public int status() {
        return status;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    public List<FieldFault> faults() {
        return faults == null ? List.of() : faults;
    }

    /// What the message is made of; empty: it is in English only.
    public List<Phrase> words() {
        return words == null ? List.of() : words;
    }
}
