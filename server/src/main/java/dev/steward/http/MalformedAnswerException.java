package dev.steward.http;

import java.io.IOException;

/// What came is not HTTP.
public final class MalformedAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedAnswerException(Throwable cause) {
        super("the answer is not HTTP", cause);
    }
}
