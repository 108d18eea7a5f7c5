package dev.steward.tasks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/// The engine's own few connections. A heartbeat must not wait behind requests for a connection, and the
/// planner is told what the engine's statements need.
final class EngineConnections implements AutoCloseable {

    /// One for each thread of the engine: accept, claim, claim under limits, claim what is handed out, settle, heart,
    /// sweep.
    private static final int CONNECTIONS = 7;

    /// As short as a lost lease allows; the step is repeated anyway.
    private static final long WAIT_MAX_MS = 2000;

    /// The tables of a queue change faster than their statistics. Every statement of the engine looks up known rows
    /// by index, and any plan that reads whole tables instead is wrong, however small the table was when last
    /// counted: with the planner left alone one such plan was 20 times slower (decision 0005).
    ///
    /// Plans are made for each execution: one made while the table was empty would be kept while it grows.
    private static final String PLAN_BY_INDEX = "set enable_seqscan = off; set enable_hashjoin = off;"
            + " set enable_mergejoin = off; set plan_cache_mode = force_custom_plan; set statement_timeout = '30s'";

    private final HikariDataSource pool;

    /// @param connections unpooled
    EngineConnections(DataSource connections) {
        var settings = new HikariConfig();
        settings.setPoolName("tasks");
        settings.setDataSource(connections);
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setMinimumIdle(0);
        settings.setConnectionTimeout(WAIT_MAX_MS);
        settings.setInitializationFailTimeout(-1); // The database may come up later than this is built.
        settings.setConnectionInitSql(PLAN_BY_INDEX);
        this.pool = new HikariDataSource(settings);
    }

    DataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
