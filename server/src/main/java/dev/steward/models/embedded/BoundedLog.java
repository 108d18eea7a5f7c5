package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A log file that never grows past a limit: when it is full it becomes `….old`, replacing the one before, and a new
/// one begins. Used by one thread.
final class BoundedLog {

    private final Path file;
    private final long bytesMax;
    private long bytes;

    /// @param bytesMax of each of the two files
    BoundedLog(Path file, long bytesMax) {
        this.file = requireNonNull(file, "file");
        this.bytesMax = bytesMax;
        try {
            bytes = Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds a line. A full disk loses the line, never the caller.
    void line(String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (bytes + line.length > bytesMax) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
                bytes = 0;
            }
            if (line.length <= bytesMax) {
                try (OutputStream out =
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    out.write(line);
                }
                bytes += line.length;
            }
        } catch (IOException _) {
            // The native library's chatter is a help for fault-finding, not worth failing an answer.
        }
    }
}
