package dev.steward.models.embedded;

import java.time.Duration;

/// As many requests wait for the engine as may wait.
final class EngineBusyException extends EngineUnavailableException {

    private static final long serialVersionUID = 1L;

    EngineBusyException(int waiting, Duration retryAfter) {
        super("The built-in model gives one answer at a time, and " + waiting + " requests wait already.", retryAfter);
    }
}
