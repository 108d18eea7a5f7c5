package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What the terminal knows about a person's servers: a key for each, in a file that only its owner can read.
final class Credentials {

    /// @param key       an API key, sent as a bearer token
    /// @param keyId     its id at the server, so that signing out revokes it; empty for a key that was pasted
    record Entry(String key, String keyId) {

        Entry {
            requireNonNull(key, "key");
            requireNonNull(keyId, "keyId");
        }

        @Override
        public String toString() {
            return "Entry[***]";
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;

    Credentials(Path configDirectory) {
        this.file = configDirectory.resolve("credentials.json");
    }

    Path file() {
        return file;
    }

    Optional<Entry> find(URI server) {
        return Optional.ofNullable(read().get(server.toString()));
    }

    void store(URI server, Entry entry) {
        Map<String, Entry> all = read();
        all.put(server.toString(), entry);
        write(all);
    }

    void forget(URI server) {
        Map<String, Entry> all = read();
        if (all.remove(server.toString()) != null) {
            write(all);
        }
    }

    private Map<String, Entry> read() {
        try {
            return new TreeMap<>(JSON.readValue(Files.readString(file), new TypeReference<Map<String, Entry>>() {}));
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        } catch (IOException | JacksonException e) {
            throw new CliException(
                    CliException.CONFIGURATION, file + " can't be read. Remove it and sign in again: steward login");
        }
    }

    /// Written beside and moved into place: never half, never readable by others.
    private void write(Map<String, Entry> all) {
        try {
            Path directory = requireNonNull(file.getParent(), "directory");
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path next = Files.createTempFile(
                    directory,
                    "credentials",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, JSON.writeValueAsString(all));
            move(next);
        } catch (IOException e) {
            throw new CliException(CliException.CONFIGURATION, file + " can't be written (" + e.getMessage() + ")");
        }
    }

    private void move(Path next) throws IOException {
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
