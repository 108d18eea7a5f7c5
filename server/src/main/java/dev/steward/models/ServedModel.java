package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/// A model that a backend says it serves.
///
/// @param remote        whether asking it sends the conversation off this machine or network (RES-8)
/// @param paid          whether asking it costs money
/// @param contextTokens how much fits into one call, where the backend tells
public record ServedModel(ModelRef ref, boolean remote, boolean paid, OptionalInt contextTokens) {

    public ServedModel {
        requireNonNull(ref, "ref");
        requireNonNull(contextTokens, "contextTokens");
    }
}
