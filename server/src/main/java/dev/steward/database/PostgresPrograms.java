package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// The programs of the embedded PostgreSQL, unpacked from the class path. Unpacked once for each version: a folder of
/// the final name is always whole, because it is renamed into place last.
///
/// @param folder holds `bin`, `lib` and `share`
record PostgresPrograms(Path folder) {

    /// The major version of the archives on the class path; the data directory is bound to it.
    static final String MAJOR = "18";

    private static final String PREFIX = "postgres-" + MAJOR + "-";

    PostgresPrograms {
        requireNonNull(folder, "folder");
    }

    Path postgres() {
        return folder.resolve("bin/postgres");
    }

    Path initdb() {
        return folder.resolve("bin/initdb");
    }

    /// Unpacks into `parent` unless that was done before, and removes other versions' folders.
    ///
    /// @throws DatabaseStartException there are none for this machine
    static PostgresPrograms unpack(Path parent) throws IOException {
        String archive = archive(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        URL resource = PostgresPrograms.class.getResource("/" + archive);
        if (resource == null) {
            throw new DatabaseStartException("There is no embedded PostgreSQL for this machine ("
                    + System.getProperty("os.name") + ", " + System.getProperty("os.arch")
                    + ") in this build. Set database.url to a PostgreSQL 15 or later.");
        }
        URLConnection connection = resource.openConnection();
        Path folder = parent.resolve(PREFIX + checksum(connection));
        if (!Files.isDirectory(folder)) {
            Path unfinished = parent.resolve(folder.getFileName() + ".new");
            delete(unfinished);
            try (InputStream in = connection.getInputStream()) {
                extract(in, unfinished);
            }
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            for (Path old : siblings(folder)) {
                delete(old);
            }
        }
        return new PostgresPrograms(folder);
    }

    static String archive(String os, String arch) {
        String system = os.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        return "postgres-" + system + "-" + (arm ? "arm_64" : "x86_64") + ".txz";
    }

    /// Changes with the archive's content, and costs nothing: the jar's directory has it.
    private static String checksum(URLConnection connection) throws IOException {
        long sum =
                connection instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : -1;
        return Long.toHexString(sum >= 0 ? sum : connection.getContentLengthLong());
    }

    private static void extract(InputStream in, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive of PostgreSQL's programs has an entry outside its folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(requireNonNull(file.getParent()));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        try (Stream<Path> files = Files.walk(target)) {
            // Whatever the umask: the unprivileged user that the server runs as must be able to get here.
            for (Path directory : files.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static List<Path> siblings(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(requireNonNull(folder.getParent()))) {
            return all.filter(p -> String.valueOf(p.getFileName()).startsWith("postgres-"))
                    .filter(p -> !p.equals(folder))
                    .toList();
        }
    }

    /// Removes a folder with all it holds; nothing happens when there is none.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
