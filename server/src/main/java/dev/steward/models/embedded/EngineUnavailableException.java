package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// The engine can't take a request now; `retryAfter` is the earliest useful time to come again.
class EngineUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    EngineUnavailableException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = requireNonNull(retryAfter, "retryAfter");
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
