package dev.steward.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.steward.database.TestServer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// A database of its own for one test class, with every migration applied, on a real PostgreSQL 18 that all classes of
/// the JVM share.
///
/// ```java
/// @AutoClose
/// static final PostgresFixture postgres = PostgresFixture.create();
/// ```
public final class PostgresFixture implements AutoCloseable {

    private static final int CONNECTIONS_MAX = 16;

    private final String name;
    private final HikariDataSource pool;

    private PostgresFixture(String name, HikariDataSource pool) {
        this.name = name;
        this.pool = pool;
    }

    /// Makes the database, in some 50 ms; the first one of a JVM also starts the server.
    public static PostgresFixture create() {
        String name = TestServer.instance().createDatabase();
        var settings = new HikariConfig();
        settings.setDataSource(TestServer.instance().connections(name));
        settings.setMaximumPoolSize(CONNECTIONS_MAX);
        settings.setMinimumIdle(0);
        settings.setConnectionTimeout(10_000);
        return new PostgresFixture(name, new HikariDataSource(settings));
    }

    public DataSource dataSource() {
        return pool;
    }

    /// Connections outside the pool, for listeners.
    public DataSource singles() {
        return TestServer.instance().connections(name);
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(pool);
    }

    public TransactionTemplate transactions() {
        return new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    @Override
    public void close() {
        pool.close();
        TestServer.instance().dropDatabase(name);
    }
}
