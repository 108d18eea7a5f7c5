package dev.steward.system;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// A disk that a test can fill and empty.
///
/// Where mounting is allowed (root), a small file system in memory, filled by a file. Elsewhere the server's
/// processes are forbidden to write beyond the first bytes of any file: not the same error, but writes fail in the
/// same places.
abstract sealed class FullDisk implements AutoCloseable {

    /// The database of a new home takes 60 MB, its programs as much.
    private static final int MOUNT_MB = 400;

    final Path directory;

    private FullDisk(Path directory) {
        this.directory = directory;
    }

    static FullDisk at(Path directory) throws IOException {
        Files.createDirectories(directory);
        boolean mounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + MOUNT_MB + "m,mode=755", "tmpfs", directory.toString());
        return mounted ? new Mounted(directory) : new Limited(directory);
    }

    /// Whether writes fail with the error of a full disk, and not with another one.
    boolean saysThatItIsFull() {
        return this instanceof Mounted;
    }

    /// From now on nothing can be written.
    abstract void fill(StewardProcess steward) throws IOException;

    /// From now on everything can be written again.
    abstract void free(StewardProcess steward) throws IOException;

    @Override
    public abstract void close();

    /// @return whether it is there and did it
    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static final class Mounted extends FullDisk {

        private static final int BLOCK = 64 * 1024;

        private final Path filler;

        Mounted(Path directory) {
            super(directory);
            this.filler = directory.resolve("filler");
        }

        @Override
        void fill(StewardProcess steward) throws IOException {
            for (int size = BLOCK; size >= 1; size /= 16) {
                try (OutputStream out =
                        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    while (true) {
                        out.write(new byte[size]);
                    }
                } catch (IOException _) {
                    // Full for blocks of this size.
                }
            }
        }

        @Override
        void free(StewardProcess steward) throws IOException {
            Files.delete(filler);
        }

        @Override
        public void close() {
            if (!run("umount", directory.toString())) {
                run("umount", "-l", directory.toString());
            }
        }
    }

    private static final class Limited extends FullDisk {

        Limited(Path directory) {
            super(directory);
        }

        @Override
        void fill(StewardProcess steward) throws IOException {
            limit(steward, "4096:");
        }

        @Override
        void free(StewardProcess steward) throws IOException {
            limit(steward, "unlimited:");
        }

        /// As each process's own user, which may limit it without being root's equal.
        private static void limit(StewardProcess steward, String size) throws IOException {
            ProcessHandle server = ProcessHandle.of(steward.pid()).orElseThrow();
            List<ProcessHandle> all =
                    Stream.concat(Stream.of(server), server.descendants()).toList();
            for (ProcessHandle process : all) {
                String pid = Long.toString(process.pid());
                if (!run("prlimit", "--pid", pid, "--fsize=" + size)) {
                    Object uid = Files.getAttribute(Path.of("/proc", pid), "unix:uid");
                    run("setpriv", "--reuid=" + uid, "--clear-groups", "prlimit", "--pid", pid, "--fsize=" + size);
                }
            }
        }

        @Override
        public void close() {
            // Nothing is left behind.
        }
    }
}
