package dev.steward.models.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Deletes what is in a directory.
final class ScratchDirectory {

    private ScratchDirectory() {}

    /// Leaves an empty directory there.
    static void empty(Path directory) throws IOException {
        delete(directory);
        Files.createDirectories(directory);
    }

    /// Leaves nothing there. Links are deleted, not followed.
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
