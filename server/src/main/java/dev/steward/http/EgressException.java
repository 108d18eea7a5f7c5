package dev.steward.http;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import org.jspecify.annotations.Nullable;

/// A request that was not sent or got no usable answer.
public final class EgressException extends StewardException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What went wrong.
    public enum Kind {
        /// The URL is not one that Steward follows. Nothing was sent.
        URL_REFUSED,
        /// The host is, or resolves to, an address that is not to be reached from here. Nothing was sent.
        ADDRESS_REFUSED,
        /// The request itself is malformed or too large. Nothing was sent.
        REQUEST_REFUSED,
        /// There is no such host. Nothing was sent.
        NAME_UNKNOWN,
        /// No connection, or it broke.
        CONNECTION,
        /// The whole exchange took too long.
        TIMEOUT,
        /// The answer is larger than asked for.
        TOO_LARGE,
        /// The other side does not speak HTTP.
        PROTOCOL
    }

    EgressException(Kind kind, String message, @Nullable Throwable cause) {
        super(code(kind), message, cause);
        this.kind = requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }

    /// Whether the other side certainly got nothing.
    public boolean nothingSent() {
        return switch (kind) {
            case URL_REFUSED, ADDRESS_REFUSED, REQUEST_REFUSED, NAME_UNKNOWN -> true;
            case CONNECTION, TIMEOUT, TOO_LARGE, PROTOCOL -> false;
        };
    }

    private static ErrorCode code(Kind kind) {
        return switch (kind) {
            case URL_REFUSED, ADDRESS_REFUSED, REQUEST_REFUSED -> ErrorCode.VALIDATION_ERROR;
            case NAME_UNKNOWN, CONNECTION, TIMEOUT, TOO_LARGE, PROTOCOL -> ErrorCode.NETWORK_ERROR;
        };
    }
}
