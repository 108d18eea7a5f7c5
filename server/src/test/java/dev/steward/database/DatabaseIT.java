package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.ErrorCode;
import dev.steward.base.Secret;
import dev.steward.components.Component;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus.State;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import dev.steward.testing.Eventually;
import dev.steward.testing.TestClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatabaseIT {

    private static final Home HOME = new Home(Path.of("target", "database-it"));
    private static final Path DATA = HOME.path().resolve("database").resolve("data");

    private final Component component = new ComponentRegistry(new TestClock()).register("database", Tier.CORE);

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void freshHome() throws Exception {
        PostgresPrograms.delete(HOME.path());
    }

    @Test
    void whoeverAsksBeforeItIsReadyWaitsAndThenFindsTheTables() {
        try (Database database = open(DatabaseConfig.embedded())) {
            assertThat(migrations(JdbcClient.create(database.connections()))).isPositive();
            assertThat(component.status().state()).isEqualTo(State.UP);
            assertThat(database.check()).isEmpty();
        }
    }

    @Test
    void aPoolInUseHealsWhenTheServerIsKilledUnderIt() throws Exception {
        try (Database database = open(DatabaseConfig.embedded())) {
            JdbcClient jdbc = JdbcClient.create(database.connections());
            jdbc.sql("create table if not exists hits (a int)").update();
            var stop = new AtomicBoolean();
            var confirmed = new AtomicInteger();
            var unexpected = new ArrayList<Throwable>();
            var writers = new ArrayList<Thread>();
            for (int i = 0; i < 8; i++) {
                writers.add(Thread.ofVirtual().start(() -> write(jdbc, stop, confirmed, unexpected)));
            }

            for (int kill = 0; kill < 3; kill++) {
                int before = confirmed.get();
                Eventually.until("writers work", () -> confirmed.get() > before + 20);
                long pid = PostmasterPid.read(DATA).orElseThrow().pid();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                Eventually.until(
                        "another server runs",
                        () -> PostmasterPid.read(DATA)
                                .filter(p -> p.pid() != pid && p.ready())
                                .isPresent());
            }
            int before = confirmed.get();
            Eventually.until("writers work again", () -> confirmed.get() > before + 20);
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }

            assertThat(unexpected).isEmpty();
            assertThat(jdbc.sql("select count(*) from hits")
                            .query(Integer.class)
                            .single())
                    .as("every confirmed row is there; one in flight at each kill may be too")
                    .isBetween(confirmed.get(), confirmed.get() + 3 * writers.size());
            Eventually.until(
                    "it reports that it works", () -> component.status().state() == State.UP);
        }
    }

    @Test
    void statementsAreMeasuredAndTheirFailuresCountedByKind() {
        try (Database database = open(DatabaseConfig.embedded())) {
            JdbcClient jdbc = JdbcClient.create(database.connections());
            jdbc.sql("select 1").query(Integer.class).single();
            assertThatThrownBy(() -> jdbc.sql("select 1/0").query(Integer.class).single())
                    .hasMessageContaining("division by zero");

            assertThat(meters.get("database.query.duration").timer().count()).isEqualTo(2);
            assertThat(meters.get("database.query.errors")
                            .tag("state_class", "22")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("database.pool.max").gauge().value()).isEqualTo(16);
        }
    }

    @Test
    void oneKindOfBackgroundWorkHoldsHalfOfTheConnectionsAndAllOfItThreeQuarters() throws Exception {
        var config = new DatabaseConfig(Optional.empty(), Optional.empty(), Optional.empty(), 8);
        try (Database database = open(config)) {
            database.await();
            var held = new ConcurrentLinkedQueue<Connection>();
            List<Thread> work = new ArrayList<>();
            for (String kind : List.of("reminder", "turn")) {
                for (int i = 0; i < 20; i++) {
                    work.add(Thread.ofVirtual()
                            .start(() -> BackgroundWork.of(kind, () -> {
                                try {
                                    return held.add(database.connections().getConnection());
                                } catch (SQLException e) {
                                    throw new IllegalStateException(e);
                                }
                            })));
                }
                int most = kind.equals("reminder") ? 4 : 6;
                Eventually.until("the share of " + kind + " is taken", () -> held.size() == most && waiting() >= 16);
            }

            assertThat(migrations(JdbcClient.create(database.connections()))).isPositive();
            database.connections().getConnection().close();
            assertThat(held).hasSize(6);
            for (int i = 0; i < work.size(); i++) {
                Eventually.until("the next one has its turn", () -> !held.isEmpty());
                Connection next = held.remove();
                next.close();
                next.close(); // Gives its place back once.
            }
            for (Thread one : work) {
                one.join();
            }
            assertThat(waiting()).isZero();
        }
    }

    private double waiting() {
        return meters.get("database.pool.background.waiting").gauge().value();
    }

    @Test
    void whenEveryConnectionIsBusyTheCallerIsToldToComeAgain() throws Exception {
        var config = new DatabaseConfig(Optional.empty(), Optional.empty(), Optional.empty(), DatabaseConfig.POOL_MIN);
        try (Database database = open(config)) {
            List<Connection> busy = new ArrayList<>();
            for (int i = 0; i < DatabaseConfig.POOL_MIN; i++) {
                busy.add(database.connections().getConnection());
            }

            assertThatThrownBy(() -> migrations(JdbcClient.create(database.connections())))
                    .satisfies(e -> assertThat(DatabaseErrors.unavailable(e)).hasValueSatisfying(told -> {
                        assertThat(told.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
                        assertThat(told.retryAfter()).isPresent();
                    }));
            for (Connection connection : busy) {
                connection.close();
            }
            assertThat(migrations(JdbcClient.create(database.connections()))).isPositive();
        }
    }

    @Test
    void anExternalPostgresIsUsedByItsUrlAndRefusedWhenItForgets() throws Exception {
        try (EmbeddedPostgres server = new EmbeddedPostgres(HOME, Postmaster.Options.SAFE, new SilentListener())) {
            server.await();
            server.provide();
            String password =
                    String.valueOf(server.connections("steward", "steward").getPassword());
            try (Database database = open(external(server.port(), password))) {
                assertThat(migrations(JdbcClient.create(database.connections())))
                        .isPositive();
                assertThat(database.isEmbedded()).isFalse();
            }
            try (Database database = open(external(server.port(), "wrong"))) {
                assertThatThrownBy(database::await)
                        .isInstanceOf(DatabaseStartException.class)
                        .hasMessageContaining("password authentication failed");
            }
        }
        try (EmbeddedPostgres careless =
                new EmbeddedPostgres(HOME, new Postmaster.Options(false, 50), new SilentListener())) {
            careless.await();
            String password =
                    String.valueOf(careless.connections("steward", "steward").getPassword());
            try (Database database = open(external(careless.port(), password))) {
                assertThatThrownBy(database::await)
                        .isInstanceOf(DatabaseStartException.class)
                        .hasMessageContaining("fsync=off");
            }
        }
    }

    private static DatabaseConfig external(int port, String password) {
        return new DatabaseConfig(
                Optional.of(new Secret("postgres://steward@127.0.0.1:" + port + "/steward")),
                Optional.empty(),
                Optional.of(new Secret(password)),
                DatabaseConfig.POOL_MIN);
    }

    private static void write(
            JdbcClient jdbc, AtomicBoolean stop, AtomicInteger confirmed, List<Throwable> unexpected) {
        while (!stop.get()) {
            try {
                jdbc.sql("insert into hits values (1)").update();
                confirmed.incrementAndGet();
            } catch (RuntimeException e) {
                if (DatabaseErrors.unavailable(e).isEmpty()) {
                    synchronized (unexpected) {
                        unexpected.add(e);
                    }
                }
            }
        }
    }

    private Database open(DatabaseConfig config) {
        return new Database(config, HOME, component, meters);
    }

    private static int migrations(JdbcClient jdbc) {
        return jdbc.sql("select count(*) from flyway_schema_history")
                .query(Integer.class)
                .single();
    }
}
