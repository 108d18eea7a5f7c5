package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One answer to be made by the engine.
///
/// @param messages    oldest first; when the last one is the assistant's, the answer goes on from its end
/// @param jsonSchema  a schema that [SchemaGuard] let through; null: free text
/// @param stop        the answer ends before any of these; at most [#STOP_MAX]
/// @param maxTokens   at least 1; the engine lowers it to what its context has room for
/// @param temperature 0 to 2; 0 always takes the likeliest token
/// @param topP        0 to 1
/// @param seed        the same seed gives the same answer to the same prompt; null: random
record EngineRequest(
        List<Message> messages,
        @Nullable String jsonSchema,
        List<String> stop,
        int maxTokens,
        double temperature,
        double topP,
        @Nullable Integer seed) {

    static final int STOP_MAX = 4;
    static final double TEMPERATURE_DEFAULT = 0.7;

    /// Who says it (`system`, `user`, `assistant`) and what.
    record Message(String role, String content) {

        static final String ASSISTANT = "assistant";

        Message {
            requireNonNull(role, "role");
            requireNonNull(content, "content");
        }
    }

    EngineRequest {
        messages = List.copyOf(messages);
        stop = List.copyOf(stop);
        if (messages.isEmpty() || maxTokens < 1) {
            throw new IllegalArgumentException("an answer needs a message and room for a token");
        }
    }

    /// What was said of the answer already; empty for a new one.
    String begun() {
        Message last = messages.getLast();
        return last.role().equals(Message.ASSISTANT) ? last.content() : "";
    }

    /// The messages that the answer answers.
    List<Message> asked() {
        return messages.getLast().role().equals(Message.ASSISTANT)
                ? messages.subList(0, messages.size() - 1)
                : messages;
    }
}
