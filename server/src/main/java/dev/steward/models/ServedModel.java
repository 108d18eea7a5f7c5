package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/// A model that a backend says it serves.
///
/// @param purpose       what it can be asked for
/// @param remote        whether asking it sends the conversation off this machine or network (RES-8)
/// @param paid          whether asking it costs money
/// @param contextTokens how much fits into one call, where the backend tells
public record ServedModel(ModelRef ref, Purpose purpose, boolean remote, boolean paid, OptionalInt contextTokens) {

    /// What a model makes.
    public enum Purpose {
        /// Answers in words.
        CHAT,
        /// Vectors of texts; it can't chat.
        EMBEDDING
    }

    public ServedModel {
        requireNonNull(ref, "ref");
        requireNonNull(purpose, "purpose");
        requireNonNull(contextTokens, "contextTokens");
    }

    /// One that chats.
    public ServedModel(ModelRef ref, boolean remote, boolean paid, OptionalInt contextTokens) {
        this(ref, Purpose.CHAT, remote, paid, contextTokens);
    }
}
