package dev.steward.models;

import org.jspecify.annotations.Nullable;

/// What to change of a connected model server; what is left out stays.
///
/// @param apiKey    a new key; empty text: it needs none any more
record BackendChange(
        @Nullable String url, @Nullable String apiKey, Backend.@Nullable Privacy privacy, Backend.@Nullable Cost cost) {

    /// Without the key.
    @Override
    public String toString() {
        return "BackendChange[" + url + ", " + privacy + ", " + cost + "]";
    }
}
