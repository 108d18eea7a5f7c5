package dev.steward.tasks;

import dev.steward.config.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// Names a home directory for ever, also where several machines with equal paths share one database.
final class InstallationId {

    private static final String FILE = "installation-id";
    private static final int LENGTH = 36;

    private InstallationId() {}

    /// Reads it, or makes it when there is none.
    ///
    /// @param fresh taken when there is none
    static String of(Home home, UUID fresh) {
        Path file = home.path().resolve(FILE);
        try {
            if (Files.exists(file)) {
                String id = Files.readString(file).strip();
                if (id.length() == LENGTH) {
                    return id;
                }
            }
            Files.createDirectories(home.path());
            Path unfinished = home.path().resolve(FILE + ".new");
            Files.writeString(unfinished, fresh + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return fresh.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read or write " + file, e);
        }
    }
}
