package dev.steward.config;

import static java.util.Objects.requireNonNull;

/// One thing wrong with the configuration.
///
/// @param key     the key in the file, such as `http.port` or `backends[1].url`; empty when the file itself is at fault
/// @param where   the place to correct it: `steward.yaml:12`, an environment variable's name, a flag, or `not set`
/// @param message what is wrong and what would pass; never a secret
public record ConfigFault(String key, String where, String message) {

    public ConfigFault {
        requireNonNull(key, "key");
        requireNonNull(where, "where");
        requireNonNull(message, "message");
    }

    /// One line for people.
    @Override
    public String toString() {
        return key.isEmpty() ? where + ": " + message : key + " (" + where + "): " + message;
    }
}
