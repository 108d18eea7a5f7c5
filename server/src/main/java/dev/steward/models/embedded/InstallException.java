package dev.steward.models.embedded;

/// A model could not be installed. Its message is for people: what happened and what to do; what was fetched is kept
/// unless it says otherwise.
public final class InstallException extends Exception {

    private static final long serialVersionUID = 1L;

    InstallException(String message) {
        super(message);
    }

    InstallException(String message, Throwable cause) {
        super(message, cause);
    }
}
