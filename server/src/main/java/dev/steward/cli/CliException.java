package dev.steward.cli;

import static java.util.Objects.requireNonNull;

/// Ends a command: one sentence for the person with what to do, and the exit code.
final class CliException extends RuntimeException {

    static final int FAILED = 1;
    static final int USAGE = 64;
    static final int UNAVAILABLE = 69;
    static final int INTERNAL = 70;
    static final int NOT_SIGNED_IN = 77;
    static final int CONFIGURATION = 78;
    static final int INTERRUPTED = 130;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CliException(int exitCode, String message) {
        super(requireNonNull(message, "message"));
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
