package dev.steward.base;

import static java.util.Objects.requireNonNull;

/// What to do about a kind of failure (TASK-7).
///
/// @param retryable         trying the same again later may succeed
/// @param requiresUserInput a person has to change something first
/// @param alternativeAction what else can be done, as a phrase for people
/// @param cleanup           something half-done may have to be tidied up
public record ErrorRecoveryStrategy(
        boolean retryable, boolean requiresUserInput, String alternativeAction, boolean cleanup) {

    public ErrorRecoveryStrategy {
        requireNonNull(alternativeAction, "alternativeAction");
    }
}
