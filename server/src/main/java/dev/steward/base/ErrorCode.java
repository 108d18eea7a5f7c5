package dev.steward.base;

import java.util.Locale;

/// The kinds of failure that callers can tell apart, with what to do about each (TASK-7). Part of the HTTP contract.
public enum ErrorCode {
    UNAUTHORIZED(401, new ErrorRecoveryStrategy(false, true, "sign in, or ask for the permission", false)),
    INVALID_INPUT(400, new ErrorRecoveryStrategy(false, true, "correct the request", false)),
    NOT_FOUND(404, new ErrorRecoveryStrategy(false, true, "check the id", false)),
    RATE_LIMIT_EXCEEDED(429, new ErrorRecoveryStrategy(true, false, "wait as told by Retry-After", false)),
    SERVICE_UNAVAILABLE(503, new ErrorRecoveryStrategy(true, false, "try again later", false)),
    INTERNAL_ERROR(500, new ErrorRecoveryStrategy(false, false, "report the request id", true)),
    NETWORK_ERROR(502, new ErrorRecoveryStrategy(true, false, "another backend, or later", false)),
    VALIDATION_ERROR(422, new ErrorRecoveryStrategy(false, true, "correct the named fields", false)),
    TASK_EXECUTION_FAILED(500, new ErrorRecoveryStrategy(true, false, "replay the dead letter", true)),
    TASK_TIMEOUT(504, new ErrorRecoveryStrategy(true, false, "replay with more time", true)),
    TASK_CANCELLED(409, new ErrorRecoveryStrategy(false, true, "start it again", true));

    private final int status;
    private final ErrorRecoveryStrategy recovery;

    ErrorCode(int status, ErrorRecoveryStrategy recovery) {
        this.status = status;
        this.recovery = recovery;
    }

    /// The HTTP status that goes with this code unless an exception says otherwise.
    public int status() {
        return status;
    }

    /// What callers and the queue do about it.
    public ErrorRecoveryStrategy recovery() {
        return recovery;
    }

    /// The name on the wire, such as `rate_limit_exceeded`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
