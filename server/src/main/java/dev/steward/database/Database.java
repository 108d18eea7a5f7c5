package dev.steward.database;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.steward.base.Saying;
import dev.steward.components.Component;
import dev.steward.config.Home;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// The database of this process: a PostgreSQL, its own or another, with this version's tables and a pool of
/// connections. It starts beside the rest of the server; whoever asks for a connection before it is ready waits.
///
/// Safe for use by many threads.
public final class Database implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /// A caller gets a connection within this time or a `service_unavailable`: waiting longer helps nobody who holds a
    /// request open.
    static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(2);

    /// Statements of requests and tasks; a longer one is a mistake. A statement that needs more says
    /// `set local statement_timeout`.
    private static final Duration STATEMENT_MAX = Duration.ofSeconds(30);

    /// A transaction that waits for its own program is stuck, and holds locks.
    private static final Duration IDLE_IN_TRANSACTION_MAX = Duration.ofSeconds(60);

    /// A dead peer that says nothing is noticed after this time; longer than any statement.
    private static final Duration SOCKET_MAX = STATEMENT_MAX.plusSeconds(15);

    /// Connections beside the pool's: listeners, migrations, an operator's psql.
    private static final int CONNECTIONS_BESIDE_POOL = 20;

    /// One try of the pool to open a connection, and the pause within it between tries.
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    private static final Duration CONNECT_PAUSE = Duration.ofMillis(25);
    private static final String NOBODY_LISTENS = "08001";
    private static final String STARTING = "57P03";

    private static final Duration PROBE_EVERY = Duration.ofSeconds(5);

    /// Failed restarts after which the database counts as down, not merely degraded.
    private static final int RESTARTS_DEGRADED_MAX = 3;

    private final DatabaseConfig config;
    private final Component component;
    private final MeterRegistry meters;
    private final TimedConnections timed;
    private final ConnectionShares shares;
    private final @Nullable EmbeddedPostgres embedded;
    private final @Nullable ExternalPostgres external;
    private final CompletableFuture<HikariDataSource> pool;
    private final ScheduledExecutorService probes = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("database-probe").factory());
    private volatile boolean closed;

    /// Begins to start; [#await] tells when it is ready.
    ///
    /// @param component where it reports whether it works
    /// @param meters    where statements and the pool are measured
    public Database(DatabaseConfig config, Home home, Component component, MeterRegistry meters) {
        this.meters = requireNonNull(meters, "meters");
        this.timed = new TimedConnections(meters);
        this.config = requireNonNull(config, "config");
        this.shares = new ConnectionShares(config.poolMax());
        this.component = requireNonNull(component, "component");
        this.external = config.url().map(u -> ExternalPostgres.of(config, u)).orElse(null);
        var options = new Postmaster.Options(true, config.poolMax() + CONNECTIONS_BESIDE_POOL);
        this.embedded = external == null ? new EmbeddedPostgres(home, options, new Watch()) : null;
        this.pool = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("database-start").start(this::start);
    }

    /// Waits until the tables are there and connections can be had.
    ///
    /// @throws DatabaseStartException it can't be had; the message says why and what to do
    public void await() {
        try {
            pool.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof DatabaseStartException known
                    ? known
                    : new DatabaseStartException("The database does not start: " + e.getCause(), e);
        }
    }

    /// Connections of the pool, in whose use a lost one heals by itself. [BackgroundWork] gets a share of them.
    public DataSource connections() {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return connection();
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                throw new java.sql.SQLFeatureNotSupportedException("the pool has one user");
            }
        };
    }

    /// A source of single connections outside the pool, for those that are held for long, such as a listener's. They
    /// have no time limits.
    public DataSource singles() {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return single().getConnection();
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                throw new java.sql.SQLFeatureNotSupportedException("the database has one user");
            }
        };
    }

    /// Asks the database to answer now, within [#CONNECTION_WAIT_MAX] and some.
    ///
    /// @return what is wrong, for people; empty when it answered
    public Optional<String> check() {
        if (!pool.isDone()) {
            return Optional.of(Saying.DATABASE_STARTING.english());
        }
        try (Connection connection = ready().getConnection()) {
            if (connection.isValid((int) CONNECTION_WAIT_MAX.toSeconds())) {
                return Optional.empty();
            }
        } catch (SQLException | DatabaseStartException e) {
            log.atDebug().setCause(e).log("The database did not answer");
        }
        return Optional.of(Saying.DATABASE_SILENT.english());
    }

    /// Whether Steward runs the database itself.
    public boolean isEmbedded() {
        return embedded != null;
    }

    /// Closes the connections, then stops the database if it is Steward's own. Everything else that uses it must have
    /// stopped before.
    @Override
    public void close() {
        closed = true;
        probes.shutdownNow();
        if (embedded != null && !pool.isDone()) {
            embedded.close();
        }
        pool.handle((p, _) -> {
                    if (p != null) {
                        p.close();
                    }
                    return p;
                })
                .join();
        if (embedded != null) {
            embedded.close();
        }
    }

    private HikariDataSource ready() {
        await();
        return pool.join();
    }

    private Connection connection() throws SQLException {
        HikariDataSource opened = ready();
        ConnectionShares.Place place = shares.take();
        try {
            return timed.timed(opened.getConnection(), place::giveBack);
        } catch (SQLException | RuntimeException | Error e) {
            place.giveBack();
            throw e;
        }
    }

    private PGSimpleDataSource single() {
        PGSimpleDataSource source = embedded != null
                ? embedded.connections(EmbeddedPostgres.ROLE, EmbeddedPostgres.ROLE)
                : requireNonNull(external).connections();
        source.setConnectTimeout((int) CONNECTION_WAIT_MAX.toSeconds());
        source.setTcpKeepAlive(true);
        source.setApplicationName("steward");
        return source;
    }

    private void start() {
        try {
            long began = System.nanoTime();
            if (embedded != null) {
                embedded.await();
                embedded.provide();
            } else {
                requireNonNull(external).check();
            }
            int migrations = Migrations.apply(single());
            HikariDataSource opened = openPool();
            // First, so that whoever waited for a connection sees that it works.
            component.worked();
            pool.complete(opened);
            log.atInfo()
                    .addKeyValue("migrations", migrations)
                    .addKeyValue(
                            "millis",
                            Duration.ofNanos(System.nanoTime() - began).toMillis())
                    .log("The database is ready");
            long every = PROBE_EVERY.toMillis();
            var _ = probes.scheduleWithFixedDelay(this::probe, every, every, TimeUnit.MILLISECONDS);
        } catch (SQLException | RuntimeException | Error e) {
            component.failed(Saying.DATABASE_NOT_STARTED.english());
            pool.completeExceptionally(e);
        }
    }

    private HikariDataSource openPool() {
        var settings = new HikariConfig();
        settings.setPoolName("steward");
        settings.setDataSource(new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return connect();
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return getConnection();
            }
        });
        settings.setMaximumPoolSize(config.poolMax());
        settings.setMinimumIdle(DatabaseConfig.POOL_MIN);
        settings.setConnectionTimeout(CONNECTION_WAIT_MAX.toMillis());
        settings.setValidationTimeout(Duration.ofSeconds(1).toMillis());
        settings.setIdleTimeout(Duration.ofMinutes(2).toMillis());
        settings.setKeepaliveTime(Duration.ofMinutes(1).toMillis());
        settings.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        settings.setConnectionInitSql("set statement_timeout = " + STATEMENT_MAX.toMillis()
                + "; set idle_in_transaction_session_timeout = " + IDLE_IN_TRANSACTION_MAX.toMillis());
        var opened = new HikariDataSource(settings);
        measure(opened);
        return opened;
    }

    /// Opens a connection of the pool, and tries again soon where nobody listens: the pool itself would pause for up to
    /// five seconds between its tries, and so long would the outage last after the server is back.
    private Connection connect() throws SQLException {
        long deadline = System.nanoTime() + CONNECT_MAX.toNanos();
        while (true) {
            try {
                PGSimpleDataSource source = single(); // Anew each time: after a restart the port may be another.
                source.setSocketTimeout((int) SOCKET_MAX.toSeconds());
                return source.getConnection();
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                boolean absent = state.equals(NOBODY_LISTENS) || state.equals(STARTING);
                if (!absent || closed || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                try {
                    Thread.sleep(CONNECT_PAUSE);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    private void measure(HikariDataSource opened) {
        HikariPoolMXBean state = opened.getHikariPoolMXBean();
        gauge("active", "Connections that are in use", state::getActiveConnections);
        gauge("idle", "Connections that are open and free", state::getIdleConnections);
        gauge("waiting", "Callers that wait for a connection", state::getThreadsAwaitingConnection);
        gauge("background.waiting", "Background work that waits for its share of connections", shares::waiting);
        gauge("max", "Connections that are opened at most", config::poolMax);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder("database.pool." + name, value).description(description).register(meters);
    }

    private void probe() {
        try {
            check().ifPresentOrElse(
                            problem -> {
                                if (!closed && embedded == null) {
                                    component.failed(problem + " " + Saying.NOTHING_ACCEPTED.english());
                                } else if (!closed) {
                                    component.degraded(problem + " " + Saying.WATCHING_OVER_IT.english());
                                }
                            },
                            component::worked);
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("The database could not be probed");
        }
    }

    /// Passes on what the supervisor of the embedded server sees.
    private final class Watch implements EmbeddedPostgres.Listener {
        @Override
        public void down(int tries, String reason) {
            if (tries > RESTARTS_DEGRADED_MAX) {
                component.failed("The embedded PostgreSQL does not start again: " + reason);
            } else {
                component.degraded(Saying.POSTGRES_RESTARTING.english());
            }
        }

        @Override
        public void up() {
            // Connections to the dead server are thrown away now, not when somebody stumbles over them.
            HikariDataSource connections = pool.getNow(null);
            if (connections != null) {
                connections.getHikariPoolMXBean().softEvictConnections();
            }
            component.worked();
        }
    }
}
