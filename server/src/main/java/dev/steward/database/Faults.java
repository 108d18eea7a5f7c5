package dev.steward.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says in one sentence what is wrong with a directory that the database needs.
final class Faults {

    private static final String USER = System.getProperty("user.name", "?");

    private Faults() {}

    /// @param place the directory that was to be used
    static DatabaseStartException of(Path place, IOException fault) {
        String reason = String.valueOf(fault.getMessage());
        if (full(reason)) {
            return new DatabaseStartException(full(place), fault);
        }
        if (fault instanceof AccessDeniedException || reason.contains("Read-only file system")) {
            return new DatabaseStartException(notWritable(place), fault);
        }
        if (fault instanceof FileAlreadyExistsException
                || fault instanceof NotDirectoryException
                || reason.toLowerCase(Locale.ROOT).contains("not a directory")) {
            return new DatabaseStartException(
                    place + " can't be the home directory: a file of that name is in the way.", fault);
        }
        String detail = fault instanceof FileSystemException f && f.getReason() != null ? f.getReason() : reason;
        return new DatabaseStartException("Steward can't use its directory " + place + ": " + detail + ".", fault);
    }

    /// The sentence for what PostgreSQL's own programs printed, or null when it is nothing that is known here.
    static @Nullable String known(Path place, String output) {
        if (full(output)) {
            return full(place);
        }
        if (output.contains("Permission denied") || output.contains("Read-only file system")) {
            return notWritable(place);
        }
        return null;
    }

    private static boolean full(String text) {
        return text.contains("No space left on device") || text.contains("Disk quota exceeded");
    }

    private static String full(Path place) {
        return "The disk that holds " + place
                + " is full. Free some space and start again; what was confirmed is kept.";
    }

    private static String notWritable(Path place) {
        return "Steward can't write to " + place + " as user " + USER
                + ". Give that user write access, or choose another directory with --home DIR.";
    }
}
