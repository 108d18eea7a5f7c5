package dev.steward.config;

import static java.util.Objects.requireNonNull;

/// One setting as it is in force.
///
/// @param key   the key in the file
/// @param value as text for people; `***` for a secret, empty when not set
/// @param where where it comes from: `steward.yaml:12`, a variable, a flag, or `default`
public record ResolvedSetting(String key, String value, String where) {

    public ResolvedSetting {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        requireNonNull(where, "where");
    }
}
