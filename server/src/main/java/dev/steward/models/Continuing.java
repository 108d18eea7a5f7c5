package dev.steward.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How a model is brought to go on with an answer that was begun before.
final class Continuing {

    /// What a model is told that does not go on from a last assistant message by itself.
    static final String INSTRUCTION = "Your last message was cut off. Go on exactly where it stops: repeat nothing, add"
            + " no introduction, and begin with a space if a new word comes next.";

    private Continuing() {}

    /// The messages to send so that the answer goes on after `said`.
    static List<ChatMessage> messages(Backend backend, List<ChatMessage> asked, String said) {
        if (said.isEmpty()) {
            return asked;
        }
        List<ChatMessage> all = new ArrayList<>(asked);
        all.add(new ChatMessage(ChatMessage.Speaker.ASSISTANT, said));
        if (backend.continuation() == Backend.Continuation.INSTRUCTION) {
            all.add(new ChatMessage(ChatMessage.Speaker.USER, INSTRUCTION));
        }
        return all;
    }

    static String role(ChatMessage message) {
        return message.speaker().name().toLowerCase(Locale.ROOT);
    }
}
