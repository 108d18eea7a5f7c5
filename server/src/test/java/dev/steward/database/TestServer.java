package dev.steward.database;

import dev.steward.config.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// The PostgreSQL of this JVM's tests: the supervisor of the product, without durability. Its directory stays in
/// `target/` so that the next run starts in a fraction of a second; the migrated template is made anew when a migration
/// changes.
public final class TestServer {

    private static final int HOMES_MAX = 20;
    private static final int CONNECTIONS_MAX = 300;

    private final EmbeddedPostgres server;
    private final String template;
    private final AtomicInteger databases = new AtomicInteger();

    private TestServer(EmbeddedPostgres server) {
        this.server = server;
        this.template = prepare();
    }

    /// The one server, started by the first who asks.
    public static TestServer instance() {
        return Holder.INSTANCE;
    }

    /// Clones the migrated template.
    public String createDatabase() {
        String name = "test_" + databases.incrementAndGet();
        execute("create database " + name + " template " + template + " owner " + EmbeddedPostgres.ROLE);
        return name;
    }

    public void dropDatabase(String name) {
        execute("drop database if exists " + name + " with (force)");
    }

    public DataSource connections(String name) {
        return server.connections(name, EmbeddedPostgres.ROLE);
    }

    private String prepare() {
        String wanted = "template_" + migrationsChecksum();
        boolean there = false;
        for (String name : names()) {
            if (name.equals(wanted)) {
                there = true;
            } else if (name.startsWith("test_") || name.startsWith("template_") || name.equals("unfinished")) {
                dropDatabase(name);
            }
        }
        if (!there) {
            execute("create database unfinished owner " + EmbeddedPostgres.ROLE);
            Migrations.apply(connections("unfinished"));
            execute("alter database unfinished rename to " + wanted);
        }
        return wanted;
    }

    private List<String> names() {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select datname from pg_database")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            names.removeAll(List.of("template0", "template1"));
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection superuser() throws SQLException {
        return server.connections(Cluster.SUPERUSER, Cluster.SUPERUSER).getConnection();
    }

    private static String migrationsChecksum() {
        try {
            Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/*.sql");
            Arrays.sort(files, Comparator.comparing(f -> String.valueOf(f.getFilename())));
            var sum = new CRC32();
            for (Resource file : files) {
                sum.update(String.valueOf(file.getFilename()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
                sum.update(file.getContentAsByteArray());
            }
            return Long.toHexString(sum.getValue());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The first home that no other JVM uses.
    private static EmbeddedPostgres start() {
        DatabaseStartException last = new DatabaseStartException("no home was tried");
        for (int i = 0; i < HOMES_MAX; i++) {
            var home = new Home(Path.of("target", "test-postgres-" + i));
            var server =
                    new EmbeddedPostgres(home, new Postmaster.Options(false, CONNECTIONS_MAX), new SilentListener());
            try {
                server.await();
                server.provide();
                Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
                return server;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            } catch (DatabaseStartException e) {
                if (!String.valueOf(e.getMessage()).startsWith("Another Steward")) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    private static final class Holder {
        static final TestServer INSTANCE = new TestServer(start());
    }
}
