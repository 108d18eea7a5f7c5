package dev.steward.models.embedded;

/// What the engine tells about one answer: any number of [Text], then one of the others.
sealed interface EngineEvent {

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

    /// Whether nothing comes after it.
    default boolean last() {
        return !(this instanceof Text);
    }
}
