package dev.steward.models;

import static java.util.Objects.requireNonNull;

/// One message to a model.
public record ChatMessage(Speaker speaker, String content) {

    /// Who says it; the lower-case name is the role on the wire of every protocol.
    public enum Speaker {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public ChatMessage {
        requireNonNull(speaker, "speaker");
        requireNonNull(content, "content");
    }
}
