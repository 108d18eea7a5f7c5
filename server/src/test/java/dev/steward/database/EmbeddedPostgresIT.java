package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.config.Home;
import dev.steward.testing.Eventually;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/// All tests share one home, as its owner does over the years: each finds what the one before has left.
class EmbeddedPostgresIT {

    private static final Home HOME = new Home(Path.of("target", "embedded-postgres-it"));
    private static final Path FOLDER = HOME.path().resolve("database");
    private static final Path DATA = FOLDER.resolve("data");

    @BeforeAll
    static void freshHome() throws Exception {
        PostgresPrograms.delete(HOME.path());
    }

    @Test
    void rowsOutliveTheServer() throws Exception {
        try (EmbeddedPostgres server = started()) {
            execute(server, "drop table if exists kept; create table kept (a int); insert into kept values (7)");
        }
        try (EmbeddedPostgres server = started()) {
            assertThat(number(server, "select a from kept")).isEqualTo(7);
        }
    }

    @Test
    void whatIsConfirmedIsOnTheDisk() throws Exception {
        try (EmbeddedPostgres server = started()) {
            for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
                assertThat(text(server, "show " + setting)).as(setting).isEqualTo("on");
            }
        }
    }

    @Test
    void onlyTheHolderOfThePasswordGetsIn() throws Exception {
        try (EmbeddedPostgres server = started()) {
            assertThat(Files.getPosixFilePermissions(FOLDER.resolve("password")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.getPosixFilePermissions(DATA)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            for (String role : List.of(EmbeddedPostgres.ROLE, Cluster.SUPERUSER)) {
                PGSimpleDataSource guess = server.connections(EmbeddedPostgres.ROLE, role);
                guess.setPassword("guess");
                assertThatThrownBy(guess::getConnection).hasMessageContaining("password authentication failed");
            }
        }
    }

    @Test
    void stewardsRoleRulesItsDatabaseAndNothingElse() throws Exception {
        try (EmbeddedPostgres server = started()) {
            assertThat(text(server, "select rolsuper::text from pg_roles where rolname = current_user"))
                    .isEqualTo("false");
            assertThatThrownBy(() -> execute(server, "copy (select 1) to program 'true'"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void aLostPasswordFileIsMadeAnew() throws Exception {
        try (EmbeddedPostgres server = started()) {
            execute(server, "create table if not exists before_loss (a int)");
        }
        Files.delete(FOLDER.resolve("password"));
        try (EmbeddedPostgres server = started()) {
            assertThat(number(server, "select count(*) from before_loss")).isZero();
        }
    }

    @Test
    void aSecondStewardOnTheSameHomeIsRefusedAtOnce() throws Exception {
        try (EmbeddedPostgres server = started();
                var second = new EmbeddedPostgres(HOME, Postmaster.Options.SAFE, new SilentListener())) {
            assertThatThrownBy(second::await)
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageContaining("Another Steward (process "
                            + ProcessHandle.current().pid() + ") already uses " + HOME.path())
                    .hasMessageContaining("--home");
            assertThat(number(server, "select 1")).isOne();
        }
    }

    @Test
    void aStaleProcessNumberThatNowBelongsToAnotherProgramDoesNotStopTheStart() throws Exception {
        started().close();
        long other = ProcessHandle.current().pid();
        Files.writeString(PostmasterPid.file(DATA), other + "\n" + DATA + "\n1000000000\n5432\n\n127.0.0.1\n\nready\n");

        try (EmbeddedPostgres server = started()) {
            assertThat(number(server, "select 1")).isOne();
        }
    }

    @Test
    void aServerThatAnEarlierStewardLeftRunningIsStoppedFirst() throws Exception {
        started().close();
        Cluster cluster = Cluster.open(FOLDER, new SecureRandom());
        // As on a machine without setpriv: nothing ends the server with its parent.
        RunAs withoutParent = RunAs.choose(
                RunAs.candidates(RunAs.isRoot(), true, List.of()).stream()
                        .filter(way -> !way.prefix().contains("--pdeathsig"))
                        .toList(),
                cluster.programs().postgres());
        var orphan = new Postmaster(
                new Cluster(cluster.programs(), withoutParent, cluster.data(), cluster.password()),
                Postmaster.Options.SAFE);
        if (RunAs.isRoot()) {
            own(DATA, 0);
        }
        orphan.start();
        long pid = PostmasterPid.read(DATA).orElseThrow().pid();

        try (EmbeddedPostgres server = started()) {
            assertThat(number(server, "select 1")).isOne();
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsLeftAlone() throws Exception {
        started().close();
        Files.writeString(DATA.resolve("PG_VERSION"), "17\n");
        try (var server = new EmbeddedPostgres(HOME, Postmaster.Options.SAFE, new SilentListener())) {
            assertThatThrownBy(server::await)
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageContaining("holds data of PostgreSQL 17");
        } finally {
            Files.writeString(DATA.resolve("PG_VERSION"), "18\n");
        }
    }

    @Test
    void aKilledStewardLeavesNoServerBehindAndLosesNothingConfirmed() throws Exception {
        var steward = new Child();
        long last = steward.untilConfirmed(20);
        steward.kill();

        try (EmbeddedPostgres server = started()) {
            Eventually.until(
                    "the first server is gone",
                    () -> ProcessHandle.of(steward.postmaster)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
            assertThat(number(server, "select max(id) from confirmed")).isGreaterThanOrEqualTo(last);
        }
    }

    @Test
    void aServerKilledWithItsStewardRecoversAndLosesNothingConfirmed() throws Exception {
        var steward = new Child();
        long last = steward.untilConfirmed(20);
        ProcessHandle.of(steward.postmaster).ifPresent(ProcessHandle::destroyForcibly);
        steward.kill();

        try (EmbeddedPostgres server = started()) {
            assertThat(number(server, "select max(id) from confirmed")).isGreaterThanOrEqualTo(last);
        }
    }

    @Test
    void aKilledServerIsRestartedOnTheSamePortAgainAndAgain() throws Exception {
        try (EmbeddedPostgres server = started()) {
            int port = server.port();
            for (int i = 0; i < 3; i++) {
                long pid = PostmasterPid.read(DATA).orElseThrow().pid();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                Eventually.until("a new server answers", () -> {
                    Optional<PostmasterPid> now = PostmasterPid.read(DATA);
                    return now.isPresent() && now.get().pid() != pid && number(server, "select 1") == 1;
                });
                assertThat(server.port()).isEqualTo(port);
            }
        }
    }

    static EmbeddedPostgres started() throws SQLException {
        var server = new EmbeddedPostgres(HOME, Postmaster.Options.SAFE, new SilentListener());
        server.await();
        server.provide();
        return server;
    }

    private static void own(Path folder, int uid) throws Exception {
        try (var files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", uid);
            }
        }
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connections(EmbeddedPostgres.ROLE, EmbeddedPostgres.ROLE)
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(EmbeddedPostgres server, String sql) throws SQLException {
        return Long.parseLong(text(server, sql));
    }

    private static String text(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connections(EmbeddedPostgres.ROLE, EmbeddedPostgres.ROLE)
                        .getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /// A [WritingSteward] in a JVM of its own.
    private static final class Child {

        private final Process process;
        private final BufferedReader lines;
        final long postmaster;

        Child() throws Exception {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            WritingSteward.class.getName(),
                            HOME.path().toString())
                    .redirectErrorStream(true)
                    .start();
            lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            postmaster = Long.parseLong(next("postmaster ").substring("postmaster ".length()));
        }

        long untilConfirmed(int rows) throws Exception {
            long last = 0;
            for (int i = 0; i < rows; i++) {
                last = Long.parseLong(next(""));
            }
            return last;
        }

        void kill() throws Exception {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }

        private String next(String prefix) throws Exception {
            var seen = new StringBuilder();
            String line;
            while ((line = lines.readLine()) != null) {
                seen.append(line).append('\n');
                if (prefix.isEmpty() ? line.matches("\\d+") : line.startsWith(prefix)) {
                    return line;
                }
            }
            throw new AssertionError("the child ended early:\n" + seen);
        }
    }
}
