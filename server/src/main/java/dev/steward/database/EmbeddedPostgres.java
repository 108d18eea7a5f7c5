package dev.steward.database;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Home;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL that Steward runs for itself: started on one home directory, restarted whenever it dies, stopped with
/// Steward. Supervision is a thread of its own, which also is the parent that the server dies with.
///
/// States: starting, running, restarting (after the server died, with growing pauses, without end), closed.
/// Safe for use by many threads. Design and measurements: docs/decisions/0002-embedded-postgresql.md.
final class EmbeddedPostgres implements AutoCloseable {

    /// Hears of the server's deaths and recoveries, on the supervisor's thread.
    interface Listener {
        /// It died, or still does not start again after `tries` tries.
        void down(int tries, String reason);

        /// It takes connections again.
        void up();
    }

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    /// Steward's database, and the role that owns it and no more.
    static final String ROLE = "steward";

    /// First pause after a failed restart; it doubles up to [#PAUSE_MAX]. The first restart is at once.
    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);

    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
    private static final String UNKNOWN_LOGIN = "28";
    private static final String UNKNOWN_DATABASE = "3D000";

    private final Home home;
    private final Postmaster.Options options;
    private final Listener listener;
    private final Thread supervisor;
    private final CompletableFuture<Postmaster> ready = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Cluster cluster;

    /// Begins to start the server; [#await] tells when it is there.
    EmbeddedPostgres(Home home, Postmaster.Options options, Listener listener) {
        this.home = requireNonNull(home, "home");
        this.options = requireNonNull(options, "options");
        this.listener = requireNonNull(listener, "listener");
        this.supervisor =
                Thread.ofPlatform().daemon().name("postgres-supervisor").start(this::supervise);
    }

    /// Waits for the first start.
    ///
    /// @throws DatabaseStartException it failed; the message says why
    void await() {
        try {
            ready.get();
        } catch (ExecutionException e) {
            throw startFailure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException("Interrupted while the database started.", e);
        }
    }

    /// A source of single connections to `database`, wherever the server listens now.
    PGSimpleDataSource connections(String database, String role) {
        Cluster c = requireNonNull(cluster, "not started");
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName(database);
        source.setUser(role);
        source.setPassword(c.password().value());
        return source;
    }

    int port() {
        return ready.join().port();
    }

    /// Stops the server with a checkpoint, then gives the home free.
    @Override
    public void close() {
        closing.countDown();
        try {
            Postmaster postmaster = ready.get(Signals.FAST_MAX.toMillis(), TimeUnit.MILLISECONDS);
            postmaster.stop();
        } catch (ExecutionException | TimeoutException _) {
            // It never started: nothing to stop; its thread ends by itself.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try {
            supervisor.join(Signals.FAST_MAX.plus(Signals.IMMEDIATE_MAX));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        try (HomeLock _ = HomeLock.take(home)) {
            Postmaster postmaster = firstStart();
            ready.complete(postmaster);
            while (closing.getCount() > 0) {
                int status = postmaster.await();
                if (closing.getCount() > 0) {
                    restart(postmaster, status);
                }
            }
            postmaster.stop();
        } catch (DatabaseStartException e) {
            ready.completeExceptionally(e);
        } catch (IOException e) {
            ready.completeExceptionally(Faults.of(home.path(), e));
        } catch (InterruptedException e) {
            ready.completeExceptionally(e);
            Thread.currentThread().interrupt();
        }
    }

    private Postmaster firstStart() throws IOException, InterruptedException {
        long began = System.nanoTime();
        var opened = Cluster.open(home.path().resolve("database"), new SecureRandom());
        cluster = opened;
        var postmaster = new Postmaster(opened, options);
        postmaster.start();
        log.atInfo()
                .addKeyValue("port", postmaster.port())
                .addKeyValue(
                        "millis", Duration.ofNanos(System.nanoTime() - began).toMillis())
                .log("PostgreSQL is ready");
        return postmaster;
    }

    private void restart(Postmaster postmaster, int status) throws InterruptedException {
        log.atWarn().addKeyValue("exit_status", status).log("PostgreSQL died, restarting it");
        Duration pause = PAUSE_FIRST;
        String reason = "exit status " + status;
        for (int tries = 0; closing.getCount() > 0; tries++) {
            listener.down(tries, reason);
            try {
                postmaster.start();
                log.atInfo().addKeyValue("port", postmaster.port()).log("PostgreSQL is back");
                listener.up();
                return;
            } catch (IOException | DatabaseStartException e) {
                reason = String.valueOf(e.getMessage());
                log.atError().addKeyValue("tries", tries + 1).setCause(e).log("PostgreSQL does not start again");
            }
            if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
    }

    /// Makes Steward's role and database, when a start before this one did not get that far.
    void provide() throws SQLException {
        try (Connection _ = connections(ROLE, ROLE).getConnection()) {
            return;
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.startsWith(UNKNOWN_LOGIN) && !state.equals(UNKNOWN_DATABASE)) {
                throw e;
            }
        }
        try (Connection connection =
                        connections(Cluster.SUPERUSER, Cluster.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            String password = requireNonNull(cluster).password().value(); // Hexadecimal digits only.
            statement.execute("""
                    do $$ begin
                      if not exists (select from pg_roles where rolname = 'steward') then
                        create role steward login;
                      end if;
                    end $$""");
            statement.execute("alter role steward password '" + password + "'");
            statement.execute("create database steward owner steward");
        } catch (SQLException e) {
            if (!"42P04".equals(e.getSQLState())) { // duplicate_database: only the password was to be set.
                throw e;
            }
        }
    }

    private static DatabaseStartException startFailure(@Nullable Throwable cause) {
        return cause instanceof DatabaseStartException e
                ? new DatabaseStartException(String.valueOf(e.getMessage()), e)
                : new DatabaseStartException("The embedded PostgreSQL does not start: " + cause, cause);
    }
}
