package dev.steward.database;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The embedded server's directory: its data, its password, its programs.
///
/// ```
/// <home>/database/password        only for Steward's user
/// <home>/database/data/           only for the server's user; made as data.init and renamed when whole
/// <home>/database/postgres-18-…/  programs
/// ```
///
/// @param data     the data directory, existing and of the right version
/// @param password of both roles, `postgres` and `steward`
record Cluster(PostgresPrograms programs, RunAs runAs, Path data, Secret password) {

    private static final Logger log = LoggerFactory.getLogger(Cluster.class);

    static final String SUPERUSER = "postgres";

    private static final int PASSWORD_BYTES = 24;

    /// Making a data directory takes 1–4 s; far more means that it hangs.
    private static final int INIT_SECONDS_MAX = 120;

    private static final Set<PosixFilePermission> ONLY_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> ONLY_OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    Cluster {
        requireNonNull(programs, "programs");
        requireNonNull(runAs, "runAs");
        requireNonNull(data, "data");
        requireNonNull(password, "password");
    }

    /// Opens the cluster in `folder`, making it when there is none. The caller holds the home's lock.
    static Cluster open(Path folder, SecureRandom random) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        letThrough(folder);
        PostgresPrograms programs = PostgresPrograms.unpack(folder);
        RunAs runAs = RunAs.choose(programs.postgres());
        Path data = folder.resolve("data");
        Path passwordFile = folder.resolve("password");
        if (Files.isDirectory(data)) {
            checkVersion(data);
            Postmaster.stopLeftover(data); // Before its files may change their owner.
            own(data, runAs);
            boolean known = Files.isRegularFile(passwordFile) && Files.size(passwordFile) > 0;
            var cluster = new Cluster(programs, runAs, data, known ? read(passwordFile) : newPassword(random));
            if (!known) {
                cluster.resetPassword();
                write(passwordFile, cluster.password);
            }
            return cluster;
        }
        Secret password = newPassword(random);
        write(passwordFile, password);
        var cluster = new Cluster(programs, runAs, data, password);
        cluster.init(folder);
        return cluster;
    }

    /// A program of this cluster, to be run as its user with nothing of Steward's environment, which holds secrets.
    ProcessBuilder process(Path program, List<String> arguments) {
        var builder = new ProcessBuilder(runAs.command(program, arguments)).redirectErrorStream(true);
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("LC_ALL", "C");
        builder.directory(data.getParent() == null ? null : data.getParent().toFile());
        return builder;
    }

    private void init(Path folder) throws IOException, InterruptedException {
        log.atInfo().addKeyValue("directory", data).log("Making the database");
        Path unfinished = folder.resolve("data.init");
        Path passwordFile = folder.resolve("password.init");
        PostgresPrograms.delete(unfinished);
        Files.createDirectory(unfinished, PosixFilePermissions.asFileAttribute(ONLY_OWNER));
        write(passwordFile, password);
        own(unfinished, runAs);
        own(passwordFile, runAs);
        String output = run(
                process(
                        programs.initdb(),
                        List.of(
                                "-D",
                                unfinished.toString(),
                                "--username=" + SUPERUSER,
                                "--pwfile=" + passwordFile,
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--data-checksums",
                                "--no-instructions")),
                "");
        Files.delete(passwordFile);
        if (!Files.isRegularFile(unfinished.resolve("PG_VERSION")) || output.contains("removing contents of")) {
            PostgresPrograms.delete(unfinished);
            throw failed("The database can't be made in " + folder, output);
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Gives both roles a new password without knowing the old one, in single-user mode.
    private void resetPassword() throws IOException, InterruptedException {
        log.warn("The database's password file is gone, setting a new password");
        String statements = Stream.of(SUPERUSER, EmbeddedPostgres.ROLE)
                .map(role -> "alter role " + role + " password '" + password.value() + "';\n")
                .reduce("", String::concat);
        run(process(programs.postgres(), List.of("--single", "-D", data.toString(), SUPERUSER)), statements);
    }

    private static String run(ProcessBuilder builder, String input) throws IOException, InterruptedException {
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(INIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return output;
    }

    /// The sentence for a program that failed, from what it printed.
    DatabaseStartException failed(String what, String output) {
        @Nullable String known = Faults.known(data, output);
        String detail = output.lines()
                .filter(l -> l.contains("FATAL") || l.contains("PANIC") || l.contains("error:"))
                .reduce((first, last) -> last)
                .orElseGet(() -> output.lines().reduce((first, last) -> last).orElse("it printed nothing"));
        return new DatabaseStartException(known != null ? known : what + ": " + detail.strip());
    }

    private static void checkVersion(Path data) throws IOException {
        Path file = data.resolve("PG_VERSION");
        String version = Files.isRegularFile(file) ? Files.readString(file).strip() : "none";
        if (!version.equals(PostgresPrograms.MAJOR)) {
            throw new DatabaseStartException(data + " holds data of PostgreSQL " + version
                    + ", but this Steward brings PostgreSQL " + PostgresPrograms.MAJOR
                    + ". Start the Steward that wrote it, make a backup there, and restore it into an empty home.");
        }
    }

    /// The server's user must be able to walk down to the data directory. Steward's own folders are opened for that;
    /// the folders above them belong to others and stay as they are.
    private static void letThrough(Path folder) throws IOException {
        for (Path p : List.of(folder, requireNonNull(folder.getParent()))) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(p));
            if (RunAs.isRoot() && permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(p, permissions);
            }
        }
    }

    private static void own(Path path, RunAs runAs) throws IOException {
        if (runAs.owner().isEmpty()
                || Files.getAttribute(path, "unix:uid")
                        .equals(runAs.owner().get().uid())) {
            return;
        }
        RunAs.Owner owner = runAs.owner().get();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", owner.uid());
                Files.setAttribute(file, "unix:gid", owner.gid());
            }
        }
    }

    private static Secret newPassword(SecureRandom random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return new Secret(HexFormat.of().formatHex(bytes));
    }

    private static Secret read(Path file) throws IOException {
        return new Secret(Files.readString(file).strip());
    }

    private static void write(Path file, Secret password) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(ONLY_OWNER_FILE));
        // To the disk before the cluster is: a cluster whose password was lost in a power cut is no use.
        Files.writeString(file, password.value(), StandardOpenOption.DSYNC);
    }
}
