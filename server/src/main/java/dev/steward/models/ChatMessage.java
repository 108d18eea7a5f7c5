package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// One message to a model.
///
/// @param calls   what the assistant asked to be done in this message
/// @param answers the id of the call whose result this is; of a [Speaker#TOOL] only, and always
public record ChatMessage(Speaker speaker, String content, List<ToolCall> calls, Optional<String> answers) {

    /// Who says it; the lower-case name is the role on the wire of every protocol.
    public enum Speaker {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL
    }

    public ChatMessage {
        requireNonNull(speaker, "speaker");
        requireNonNull(content, "content");
        calls = List.copyOf(calls);
        if (!calls.isEmpty() && speaker != Speaker.ASSISTANT) {
            throw new IllegalArgumentException("only the assistant calls tools");
        }
        if (answers.isPresent() != (speaker == Speaker.TOOL)) {
            throw new IllegalArgumentException("a tool, and nobody else, answers a call");
        }
    }

    /// Something that is said.
    public ChatMessage(Speaker speaker, String content) {
        this(speaker, content, List.of(), Optional.empty());
    }

    /// The assistant's message that asked for tools.
    public static ChatMessage calling(String content, List<ToolCall> calls) {
        return new ChatMessage(Speaker.ASSISTANT, content, calls, Optional.empty());
    }

    /// What came of a call.
    public static ChatMessage result(ToolCall call, String content) {
        return new ChatMessage(Speaker.TOOL, content, List.of(), Optional.of(call.id()));
    }
}
