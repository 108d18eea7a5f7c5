package dev.steward.config;

import static java.util.Objects.requireNonNull;

/// One top-level key of the configuration and the record that it is read into. Each room declares its own.
///
/// @param key  the key in the file, such as `models`; for a plain value such as `role`, a record with one component
///             of the same name is read from it
/// @param type a record whose components carry [Setting]
public record Section<T extends Record>(String key, Class<T> type) {

    public Section {
        requireNonNull(key, "key");
        requireNonNull(type, "type");
    }
}
