package dev.steward.models.embedded;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;

/// The catalogue has no such model.
final class UnknownModelException extends StewardException {

    private static final long serialVersionUID = 1L;

    UnknownModelException(String id, String known) {
        super(
                ErrorCode.NOT_FOUND,
                "The catalogue has no model " + id.substring(0, Math.min(id.length(), 64)) + "; it has " + known + ".");
    }
}
