package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Remembers the child on disk, so that the next run of Steward can end one that outlived it.
///
/// The process's start time stands beside its id: ids are used again, and nobody else's process may be ended.
final class PidFile {

    /// How long an ended process may take to be gone.
    private static final long GONE_SECONDS_MAX = 10;

    private final Path file;

    PidFile(Path file) {
        this.file = requireNonNull(file, "file");
    }

    void write(ProcessHandle process) throws IOException {
        String started = process.info().startInstant().map(Instant::toString).orElse("");
        Files.writeString(file, process.pid() + " " + started);
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    /// Ends the process of a former run, if it still runs.
    ///
    /// @return its id, if there was one
    Optional<Long> endOrphan() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] words = Files.readString(file).strip().split(" ", -1);
        Optional<ProcessHandle> orphan = words.length == 2 ? alive(words[0], words[1]) : Optional.empty();
        orphan.ifPresent(PidFile::end);
        clear();
        return orphan.map(ProcessHandle::pid);
    }

    private static Optional<ProcessHandle> alive(String pid, String started) {
        try {
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(p -> p.info().startInstant().map(Instant::toString).equals(Optional.of(started)));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        try {
            process.onExit().get(GONE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // It was told to end; a process stuck in the kernel holds no port that the new one needs.
        }
    }
}
