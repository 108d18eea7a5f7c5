package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What the assistant asks of a model.
///
/// @param messages     oldest first; at least one
/// @param jsonSchema   the answer must be JSON that fits this schema
/// @param maxTokens    at most as many tokens in the answer
/// @param temperature  0 to 2
/// @param tools        what the model may ask to be done; its calls come with [AnswerEvent.Done]
/// @param continueFrom what has been said of this answer already; the model goes on from its end. Empty: a new answer.
public record ChatRequest(
        List<ChatMessage> messages,
        Optional<String> jsonSchema,
        OptionalInt maxTokens,
        OptionalDouble temperature,
        List<ChatTool> tools,
        String continueFrom) {

    public ChatRequest {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a chat needs at least one message");
        }
        requireNonNull(jsonSchema, "jsonSchema");
        requireNonNull(maxTokens, "maxTokens");
        requireNonNull(temperature, "temperature");
        tools = List.copyOf(tools);
        requireNonNull(continueFrom, "continueFrom");
    }

    /// A request without tools.
    public ChatRequest(
            List<ChatMessage> messages,
            Optional<String> jsonSchema,
            OptionalInt maxTokens,
            OptionalDouble temperature,
            String continueFrom) {
        this(messages, jsonSchema, maxTokens, temperature, List.of(), continueFrom);
    }

    /// A plain question with a temperature left to the backend.
    public static ChatRequest of(List<ChatMessage> messages) {
        return new ChatRequest(messages, Optional.empty(), OptionalInt.empty(), OptionalDouble.empty(), "");
    }

    public ChatRequest offering(List<ChatTool> offered) {
        return new ChatRequest(messages, jsonSchema, maxTokens, temperature, offered, continueFrom);
    }

    public ChatRequest continuing(String said) {
        return new ChatRequest(messages, jsonSchema, maxTokens, temperature, tools, said);
    }
}
