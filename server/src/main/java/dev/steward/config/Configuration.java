package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A configuration without faults.
///
/// @param home     the data directory
/// @param file     the file that was read; empty if there was none
/// @param records  the record of every section
/// @param settings each setting with its value and source, in the order of the reference page
public record Configuration(Home home, Optional<Path> file, List<Record> records, List<ResolvedSetting> settings) {

    public Configuration {
        requireNonNull(home, "home");
        requireNonNull(file, "file");
        records = List.copyOf(records);
        settings = List.copyOf(settings);
    }

    /// The record of one section.
    ///
    /// @throws IllegalArgumentException if no section has this type
    public <T extends Record> T get(Class<T> type) {
        return records.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no section is read into " + type.getName()));
    }
}
