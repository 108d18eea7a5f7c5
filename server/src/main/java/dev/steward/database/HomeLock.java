package dev.steward.database;

import dev.steward.config.Home;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Makes this process the only Steward on a home directory. The operating system lets go of the lock when the process
/// ends, however it ends, so there is no stale lock.
final class HomeLock implements AutoCloseable {

    private static final int HOLDER_BYTES_MAX = 32;

    private final FileChannel channel;
    private final FileLock lock;

    private HomeLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /// @throws DatabaseStartException another process holds it, or the directory can't be written to
    static HomeLock take(Home home) {
        Path file = home.path().resolve("lock");
        try {
            Files.createDirectories(home.path());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = holder(channel);
                channel.close();
                throw new DatabaseStartException("Another Steward" + holder + " already uses " + home.path()
                        + ". Stop it first, or give this one a home of its own with --home DIR.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new HomeLock(channel, lock);
        } catch (IOException e) {
            throw Faults.of(home.path(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // Held by this very process.
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        int length = channel.read(bytes, 0);
        return length <= 0
                ? ""
                : " (process " + new String(bytes.array(), 0, length, StandardCharsets.US_ASCII).strip() + ")";
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException _) {
            // The operating system releases it at the latest when the process ends.
        }
    }
}
