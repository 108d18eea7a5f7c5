package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/// Something that a model may ask to be done: it answers with a [ToolCall], never does it itself.
///
/// @param name        1 to 64 letters, digits, `_` and `-`, as the OpenAI API takes them
/// @param description what it does and when to use it, for the model
/// @param parameters  a JSON Schema of an object: what a call must bring
public record ChatTool(String name, String description, String parameters) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public ChatTool {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a tool's name has 1 to 64 letters, digits, _ and -");
        }
        requireNonNull(description, "description");
        requireNonNull(parameters, "parameters");
    }
}
