package dev.steward.database;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.steward.config.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
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
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// The PostgreSQL of this JVM's tests: the supervisor of the product, one without durability and one with it. Their
/// directories stay in `target/` so that the next run starts in a fraction of a second; the migrated template is made
/// anew
/// when a migration changes.
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

    /// The one without durability, started by the first who asks.
    public static TestServer instance() {
        return Fast.INSTANCE;
    }

    /// The one that keeps what it confirms, as Steward demands of a database that is configured.
    public static TestServer durable() {
        return Durable.INSTANCE;
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

    /// What a server's configuration calls one of its databases.
    public String url(String name) {
        PGSimpleDataSource source = server.connections(name, EmbeddedPostgres.ROLE);
        return "postgres://%s:%s@127.0.0.1:%d/%s"
                .formatted(source.getUser(), source.getPassword(), server.port(), name);
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
    private static EmbeddedPostgres start(boolean durable) {
        DatabaseStartException last = new DatabaseStartException("no home was tried");
        // Two kinds of names: a process that looked at a home which it has itself would give its lock away.
        String name = durable ? "test-postgres-durable-" : "test-postgres-";
        for (int i = 0; i < HOMES_MAX; i++) {
            var home = new Home(Path.of("target", name + i));
            lendPrograms(home.path().resolve("database"));
            var server =
                    new EmbeddedPostgres(home, new Postmaster.Options(durable, CONNECTIONS_MAX), new SilentListener());
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

    /// Unpacks them once for all JVMs: that is the work of seconds.
    private static synchronized void lendPrograms(Path folder) {
        Path common = Path.of("target", "test-postgres-programs");
        try (FileChannel file = FileChannel.open(Path.of("target", "test-postgres-programs.lock"), CREATE, WRITE);
                FileLock _ = file.lock()) {
            Files.createDirectories(common);
            Path programs = PostgresPrograms.unpack(common).folder();
            Path own = folder.resolve(programs.getFileName());
            if (!Files.exists(own)) {
                Files.createDirectories(folder);
                Path unfinished = folder.resolve("programs.new");
                PostgresPrograms.delete(unfinished);
                copy(programs, unfinished);
                Files.move(unfinished, own);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one)), COPY_ATTRIBUTES, NOFOLLOW_LINKS);
            }
        }
    }

    private static final class Fast {
        static final TestServer INSTANCE = new TestServer(start(false));
    }

    private static final class Durable {
        static final TestServer INSTANCE = new TestServer(start(true));
    }
}
