package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts models into a directory, one file each, under a lock that other processes see.
///
/// A file grows as `<id>.partial`; its length is all the state there is, so a killed installation goes on from there,
/// at any source, since all of them give the same bytes. It becomes `<id>.gguf` by one rename, after its hash was found
/// right: a file of that name is whole.
///
/// Safe for use by many threads and processes.
final class ModelInstaller {

    /// Disk that stays free, beside the file itself.
    static final long RESERVE_BYTES = 256L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ModelInstaller.class);
    private static final int BUFFER_BYTES = 1024 * 1024;

    private final Path directory;
    private final SourceReader sources;
    private final ToLongFunction<Path> freeBytes;

    /// @param freeBytes tells the usable room on the disk of a directory
    ModelInstaller(Path directory, SourceReader sources, ToLongFunction<Path> freeBytes) {
        this.directory = requireNonNull(directory, "directory");
        this.sources = requireNonNull(sources, "sources");
        this.freeBytes = requireNonNull(freeBytes, "freeBytes");
    }

    /// The room that is still needed when `have` bytes of the file are there: the rest, one part on its way, and a
    /// reserve.
    static long roomNeeded(CatalogueModel model, long have) {
        long part = model.sources().stream()
                .mapToLong(s -> s instanceof ModelSource.PipParts p ? p.partBytes() : 0)
                .max()
                .orElse(0);
        return model.bytes() - have + part + RESERVE_BYTES;
    }

    /// Usable room on the disk of the models.
    long freeBytes() {
        try {
            Files.createDirectories(directory);
        } catch (IOException _) {
            return 0;
        }
        return freeBytes.applyAsLong(directory);
    }

    /// Where the model's file is once it is installed.
    Path file(CatalogueModel model) {
        return directory.resolve(model.id() + ".gguf");
    }

    boolean installed(CatalogueModel model) {
        try {
            return Files.size(file(model)) == model.bytes();
        } catch (IOException _) {
            return false;
        }
    }

    /// How much of the file is there, whole or not.
    long present(CatalogueModel model) {
        if (installed(model)) {
            return model.bytes();
        }
        try {
            return Files.size(partial(model));
        } catch (IOException _) {
            return 0;
        }
    }

    /// Installs a model; returns at once when it is there.
    ///
    /// @throws InstallException     no source gave the file; what was fetched is kept for the next try
    /// @throws InterruptedException it was stopped; what was fetched is kept
    Path install(CatalogueModel model, Consumer<InstallProgress> progress)
            throws InstallException, InterruptedException {
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(model.id() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock _ = lock(channel, model)) {
                if (!installed(model)) {
                    fetch(model, progress);
                }
                return file(model);
            }
        } catch (InterruptedIOException | java.nio.channels.ClosedByInterruptException _) {
            // The exception says it now; the flag would say it twice.
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw new InstallException("The directory " + directory + " can't be written: " + e.getMessage(), e);
        }
    }

    /// Removes a model and what there is of it.
    ///
    /// @return whether there was anything
    boolean remove(CatalogueModel model) throws InstallException {
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(model.id() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock _ = lock(channel, model)) {
                boolean whole = Files.deleteIfExists(file(model));
                boolean begun = Files.deleteIfExists(partial(model));
                ScratchDirectory.delete(scratch(model));
                return whole || begun;
            }
        } catch (IOException e) {
            throw new InstallException("The model can't be removed: " + e.getMessage(), e);
        }
    }

    private static FileLock lock(FileChannel channel, CatalogueModel model) throws IOException, InstallException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException _) {
            // The same, within this process.
        }
        throw new InstallException(Saying.INSTALLED_BY_ANOTHER.english(model.id()));
    }

    private void fetch(CatalogueModel model, Consumer<InstallProgress> progress)
            throws InstallException, IOException, InterruptedException {
        checkRoom(model);
        List<String> faults = new ArrayList<>();
        try {
            for (ModelSource source : model.sources()) {
                if (fetchFrom(source, model, progress, faults)) {
                    return;
                }
                checkRoom(model);
            }
        } finally {
            ScratchDirectory.delete(scratch(model));
        }
        throw new InstallException("No source gave " + model.id() + ": " + String.join("; ", faults) + ".");
    }

    private void checkRoom(CatalogueModel model) throws InstallException {
        long needed = roomNeeded(model, Math.min(present(model), model.bytes()));
        long free = freeBytes.applyAsLong(directory);
        if (free < needed) {
            throw new InstallException(
                    Saying.DISK_FULL.english(directory, megabytes(free), model.id(), megabytes(needed)));
        }
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }

    /// Tries one source; a second time from the start when bytes of an earlier try turn out wrong.
    private boolean fetchFrom(
            ModelSource source, CatalogueModel model, Consumer<InstallProgress> progress, List<String> faults)
            throws IOException, InterruptedException {
        boolean resumed = present(model) > 0;
        try {
            append(source, model, progress);
            if (finish(model)) {
                return true;
            }
            if (resumed) {
                append(source, model, progress);
                if (finish(model)) {
                    return true;
                }
            }
            faults.add(source.label() + ": the file has a wrong SHA-256 and was deleted");
            LOG.atWarn()
                    .addKeyValue("model", model.id())
                    .addKeyValue("source", source.label())
                    .log("a source gave a model file with a wrong hash");
        } catch (InterruptedIOException | java.nio.channels.ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            faults.add(source.label() + ": " + e.getMessage());
            LOG.atInfo()
                    .addKeyValue("model", model.id())
                    .addKeyValue("source", source.label())
                    .addKeyValue("reason", e.getMessage())
                    .log("a source did not give a model file");
        }
        return false;
    }

    private void append(ModelSource source, CatalogueModel model, Consumer<InstallProgress> progress)
            throws IOException, InterruptedException {
        try (FileChannel out = FileChannel.open(partial(model), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long have = Math.min(out.size(), model.bytes());
            if (have == model.bytes()) {
                out.truncate(have);
                return;
            }
            progress.accept(new InstallProgress(have, model.bytes(), 0, source.label()));
            ScratchDirectory.empty(scratch(model));
            try (SourceReader.Opened opened = sources.open(source, have, scratch(model))) {
                out.truncate(opened.offset());
                out.position(opened.offset());
                copy(opened.stream(), out, model, source, progress);
            }
            out.force(true);
        }
    }

    private static void copy(
            InputStream in,
            FileChannel out,
            CatalogueModel model,
            ModelSource source,
            Consumer<InstallProgress> progress)
            throws IOException {
        long begin = out.position();
        long start = System.nanoTime();
        byte[] buffer = new byte[BUFFER_BYTES];
        while (out.position() < model.bytes()) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped");
            }
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, model.bytes() - out.position()));
            if (read < 0) {
                throw new IOException("it ended after " + out.position() + " of " + model.bytes() + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            long seconds = Math.max(1, (System.nanoTime() - start) / 1_000_000_000);
            progress.accept(new InstallProgress(
                    out.position(), model.bytes(), (out.position() - begin) / seconds, source.label()));
        }
    }

    /// Makes the fetched file the model's file if its hash is right, else deletes it.
    private boolean finish(CatalogueModel model) throws IOException {
        Path partial = partial(model);
        if (!sha256(partial).equals(model.sha256())) {
            Files.delete(partial);
            return false;
        }
        Files.move(partial, file(model), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (NoSuchFileException | java.nio.file.AccessDeniedException _) {
            // Systems that can't open directories keep their entries safe by themselves.
        }
        return true;
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            int read = in.read(buffer);
            while (read >= 0) {
                digest.update(buffer, 0, read);
                read = in.read(buffer);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Path partial(CatalogueModel model) {
        return directory.resolve(model.id() + ".partial");
    }

    private Path scratch(CatalogueModel model) {
        return directory.resolve(model.id() + ".parts");
    }
}
