package dev.steward;

import static java.util.Objects.requireNonNull;

import dev.steward.base.StewardException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;

/// Why the server can't start, in one sentence for people, with the exit code.
final class StartException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StartException(int exitCode, String message, @Nullable Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.exitCode = exitCode;
    }

    /// Finds the reason in what Spring wrapped around it.
    static StartException of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException taken) {
                return portInUse(taken.getPort(), failure);
            }
            if (cause instanceof StewardException ours) {
                return new StartException(StewardServer.UNAVAILABLE, String.valueOf(ours.getMessage()), failure);
            }
        }
        return new StartException(
                StewardServer.INTERNAL,
                "it could not start because of a mistake in Steward itself. Your data is untouched.",
                failure);
    }

    static StartException portInUse(int port, @Nullable Throwable cause) {
        return new StartException(
                StewardServer.UNAVAILABLE,
                "port " + port + " is in use, perhaps by another Steward. Stop that program, or choose another port:"
                        + " steward run --port " + (port == 65535 ? 8080 : port + 1),
                cause);
    }

    int exitCode() {
        return exitCode;
    }
}
