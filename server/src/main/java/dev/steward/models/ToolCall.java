package dev.steward.models;

import static java.util.Objects.requireNonNull;

/// What a model asks to be done. It comes from outside: its name may be of no tool that was offered, its arguments
/// may not fit the tool's schema.
///
/// @param id        what the result is sent back under; unique within an answer
/// @param name      of the tool
/// @param arguments as the model wrote them: a JSON object, if it did well
public record ToolCall(String id, String name, String arguments) {

    public ToolCall {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(arguments, "arguments");
    }
}
