package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/// Names one request in logs, problem documents and the `X-Request-Id` header; may be taken as a controller
/// argument.
///
/// @param value 1 to 128 letters, digits, `-`, `_` or `.`
public record RequestId(String value) {

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    public RequestId {
        requireNonNull(value, "value");
        if (!sane(value)) {
            throw new IllegalArgumentException("not a request id");
        }
    }

    /// Whether a caller's own id can be taken over: nothing in it may break a log line or a header.
    static boolean sane(String text) {
        return SANE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
