package dev.steward.database;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import org.jspecify.annotations.Nullable;

/// The database can't be had, so Steward does not start. The message is one sentence or two for the operator: what is
/// wrong and what to do.
public final class DatabaseStartException extends StewardException {

    private static final long serialVersionUID = 1L;

    public DatabaseStartException(String message) {
        this(message, null);
    }

    public DatabaseStartException(String message, @Nullable Throwable cause) {
        super(ErrorCode.SERVICE_UNAVAILABLE, message, cause);
    }
}
