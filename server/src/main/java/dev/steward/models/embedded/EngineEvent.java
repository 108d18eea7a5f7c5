package dev.steward.models.embedded;

import java.time.Duration;

/// What the engine tells about one answer: any number of [Reading] and [Text], then one of the others.
sealed interface EngineEvent {

    /// How much of the prompt is read, in tokens; both 0 while the answer waits for its turn or for the model to be
    /// loaded.
    record Reading(int read, int total) implements EngineEvent {

        static final Reading WAITING = new Reading(0, 0);
    }

    /// The next piece; never empty.
    record Text(String text) implements EngineEvent {}

    /// The answer is whole.
    ///
    /// @param finish           `stop` or `length`
    /// @param promptTokens     tokens of the prompt, those from the cache too
    /// @param completionTokens tokens of the answer
    record Done(String finish, int promptTokens, int completionTokens) implements EngineEvent {}

    /// The request can't be answered as it is; asking again gives the same.
    ///
    /// @param code as the OpenAI API names it, such as `context_length_exceeded`
    record Refused(String code, String message) implements EngineEvent {}

    /// The engine failed at this answer.
    record Failed(String message) implements EngineEvent {}

    /// The answer can't be begun now.
    ///
    /// @param full       whether too many wait already, rather than that the engine does not run
    /// @param retryAfter the earliest useful time to come again
    record Unavailable(boolean full, String message, Duration retryAfter) implements EngineEvent {}

    /// Whether nothing comes after it.
    default boolean last() {
        return !(this instanceof Text || this instanceof Reading);
    }
}
