package dev.steward.config;

import java.nio.file.Path;

/// The directory that holds everything Steward keeps on this machine: the embedded database, keys, installed models.
/// Each room keeps its files in a folder of its own below it.
///
/// @param path absolute
public record Home(Path path) {

    public Home {
        path = path.toAbsolutePath().normalize();
    }
}
