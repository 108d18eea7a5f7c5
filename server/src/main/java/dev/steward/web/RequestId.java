package dev.steward.web;

import static java.util.Objects.requireNonNull;

/// Names one request in logs, problem documents and the `X-Request-Id` header; may be taken as a controller
/// argument.
///
/// @param value 1 to 128 letters, digits, `-`, `_` or `.`
public record RequestId(String value) {

    private static final int LENGTH_MAX = 128;

    public RequestId {
        requireNonNull(value, "value");
        if (!sane(value)) {
            throw new IllegalArgumentException("not a request id");
        }
    }

    /// Whether a caller's own id can be taken over: nothing in it may break a log line or a header.
    static boolean sane(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && sane(text.charAt(i))) {
            i++;
        }
        return i == length && length > 0 && length <= LENGTH_MAX;
    }

    private static boolean sane(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    @Override
    public String toString() {
        return value;
    }
}
