package dev.steward.database;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Builds the database and what rooms use of it: `JdbcClient` for statements, `TransactionTemplate` for transactions.
@Configuration(proxyBeanMethods = false)
public class DatabaseModule {

    /// Starts in the background; stops after everything that uses it, because it is what they depend on.
    @Bean(destroyMethod = "close")
    Database database(DatabaseConfig config, Home home, ComponentRegistry components, MeterRegistry meters) {
        return new Database(config, home, components.register("database", Tier.CORE), meters);
    }

    /// The first thing of the context to be started: nothing works before the tables are there.
    @Bean
    SmartLifecycle databaseStart(Database database) {
        return new AwaitDatabase(database);
    }

    /// Starts when the tables are there; stops after everything that talks to other processes.
    @Bean(destroyMethod = "close")
    Peers peers(Database database) {
        return new Peers(database.singles(), database.connections());
    }

    @Bean
    SmartLifecycle peersStart(Peers peers) {
        return new StartPeers(peers);
    }

    @Bean(destroyMethod = "")
    DataSource dataSource(Database database) {
        return database.connections();
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    @Bean
    TransactionTemplate transactions(PlatformTransactionManager transactionManager) {
        return new TransactionTemplate(transactionManager);
    }

    @Bean
    JdbcClient jdbcClient(DataSource dataSource) {
        return JdbcClient.create(dataSource);
    }

    private static final class StartPeers implements SmartLifecycle {
        private final Peers peers;
        private volatile boolean running;

        StartPeers(Peers peers) {
            this.peers = peers;
        }

        @Override
        public void start() {
            peers.start();
            running = true;
        }

        @Override
        public void stop() {
            running = false; // They are closed with the last of those that need them.
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE + 1;
        }
    }

    private static final class AwaitDatabase implements SmartLifecycle {
        private final Database database;
        private volatile boolean running;

        AwaitDatabase(Database database) {
            this.database = database;
        }

        @Override
        public void start() {
            database.await();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }
    }
}
