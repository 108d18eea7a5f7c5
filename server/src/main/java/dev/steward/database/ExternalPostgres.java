package dev.steward.database;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL that somebody else runs. Steward checks before it uses it that what it confirms is safe there.
record ExternalPostgres(DatabaseUrl url, Optional<String> user, Optional<Secret> password) {

    private static final Logger log = LoggerFactory.getLogger(ExternalPostgres.class);

    static final int VERSION_MIN = 15;

    /// After a power cut all machines start together; the database may be some seconds later.
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private static final Duration WAIT_STEP = Duration.ofMillis(500);

    /// Reasons that waiting does not cure: wrong user or password, no such database, no right to it.
    private static final Set<String> FINAL = Set.of("28000", "28P01", "3D000", "42501");

    ExternalPostgres {
        requireNonNull(url, "url");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    static ExternalPostgres of(DatabaseConfig config, Secret address) {
        DatabaseUrl url = DatabaseUrl.parse(address.value());
        return new ExternalPostgres(
                url, url.user().or(config::user), url.password().or(config::password));
    }

    PGSimpleDataSource connections() {
        var source = new PGSimpleDataSource();
        source.setUrl(url.jdbc());
        user.ifPresent(source::setUser);
        password.ifPresent(p -> source.setPassword(p.value()));
        return source;
    }

    /// Waits until it answers, and refuses it when it is too old or does not keep what it confirms.
    void check() {
        PGSimpleDataSource source = connections();
        source.setConnectTimeout(2);
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        for (boolean told = false; ; told = true) {
            try (Connection connection = source.getConnection()) {
                check(connection);
                return;
            } catch (SQLException e) {
                if (FINAL.contains(String.valueOf(e.getSQLState())) || System.nanoTime() - deadline > 0) {
                    throw new DatabaseStartException(
                            "The PostgreSQL at " + url.host() + " can't be used: " + e.getMessage()
                                    + ". Check database.url, user and password.",
                            e);
                }
                if (!told) {
                    log.atInfo().addKeyValue("host", url.host()).log("Waiting for PostgreSQL");
                }
                pause();
            }
        }
    }

    private void check(Connection connection) throws SQLException {
        int version = Integer.parseInt(show(connection, "server_version_num")) / 10_000;
        if (version < VERSION_MIN) {
            throw refused("is version " + version + ", Steward needs " + VERSION_MIN + " or later");
        }
        for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
            if (show(connection, setting).equals("off")) {
                throw refused("runs with " + setting
                        + "=off and can lose what it confirmed; Steward needs it on (postgresql.conf)");
            }
        }
    }

    private DatabaseStartException refused(String why) {
        return new DatabaseStartException("The PostgreSQL at " + url.host() + " " + why + ".");
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + setting)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static void pause() {
        try {
            var never = new CountDownLatch(1);
            boolean _ = never.await(WAIT_STEP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException("Interrupted while waiting for the database.", e);
        }
    }
}
