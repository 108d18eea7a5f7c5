package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a running server says about itself in `postmaster.pid`. Source: PostgreSQL's `src/include/utils/pidfile.h`.
///
/// @param pid   the postmaster's process
/// @param ready it takes connections
record PostmasterPid(long pid, boolean ready) {

    private static final int LINE_STATUS = 7;

    /// Reads the file of a data directory; empty when there is none, or it is not written out yet.
    static Optional<PostmasterPid> read(Path data) {
        try {
            List<String> lines = Files.readAllLines(file(data), StandardCharsets.ISO_8859_1);
            if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
                return Optional.empty();
            }
            boolean ready = lines.size() > LINE_STATUS
                    && requireNonNull(lines.get(LINE_STATUS)).strip().equals("ready");
            return Optional.of(new PostmasterPid(Long.parseLong(lines.getFirst().strip()), ready));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }

    /// The live process of that number, if it is a server on `data`. A number is given away again after its process
    /// has ended, so the number alone proves nothing.
    Optional<ProcessHandle> serverOn(Path data) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(p -> {
            String line = p.info().commandLine().orElse("");
            return line.contains("postgres") && line.contains(data.toString());
        });
    }
}
