package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.RedisFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;

/// Three nodes on one PostgreSQL take and run tasks while nodes, the database, the connections between them, those who
/// hand in tasks and, in the long run, Redis are killed at random points. Every task that was acknowledged is done in
/// the end, once.
///
/// The seed is printed; `-Dsteward.seed=…` makes the same kills after the same numbers of acknowledged tasks.
class TaskStormTest {

    private static final int TASKS = 4_000;
    private static final int TASKS_LONG = Integer.getInteger("storm.tasks", 300_000);
    private static final int TASKS_EMBEDDED = 20_000;
    private static final int KILLS = 5;
    private static final int KILLS_LONG = Integer.getInteger("storm.kills", 100);
    private static final int KILLS_EMBEDDED = 16;
    private static final int NODES = 3;
    private static final int PRODUCERS_PER_NODE = 8;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration DRAIN_MAX = LEASE.plusSeconds(5);

    /// Attempts beyond the first of each task: what a kill may cost.
    private static final double DUPLICATES_MAX = 0.01;

    /// Of a hundred tasks so many call somebody else's server, and so many write into a conversation. One server gets
    /// eight requests at once, so a storm of these alone would wait for it, and not for the queue.
    private static final int HTTP_OF_100 = 20;

    private static final int REMINDERS_OF_100 = 3;

    @TempDir
    Path directory;

    private final List<StewardProcess> nodes = new ArrayList<>();
    private final List<Person> people = new ArrayList<>();
    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acknowledgedCount = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
    private Random random = new Random();
    private Receiver receiver;
    private Relay relay;
    private ExternalDatabase external;
    private RedisFixture redis;

    /// How often all who hand in tasks were killed.
    private final AtomicInteger deathsOfProducers = new AtomicInteger();

    private record Acknowledged(String id, String type) {}

    @Test
    void noAcknowledgedTaskIsLostAndNoneTakesEffectTwice() throws Exception {
        external = ExternalDatabase.start();
        storm(TASKS, KILLS);
    }

    @Test
    @Tag("long")
    void threeHundredThousandTasksSurviveAHundredDeaths() throws Exception {
        external = ExternalDatabase.start();
        redis = RedisFixture.start();
        storm(TASKS_LONG, KILLS_LONG);
    }

    /// The first node runs the database, which dies with it.
    @Test
    @Tag("long")
    void theDatabaseMayBelongToOneOfTheNodes() throws Exception {
        storm(TASKS_EMBEDDED, KILLS_EMBEDDED);
    }

    @AfterEach
    void stop() throws Exception {
        // The first node owns the database, so it goes last.
        for (StewardProcess node : nodes.reversed()) {
            node.close();
        }
        if (relay != null) {
            relay.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        if (external != null) {
            external.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private void storm(int tasks, int kills) throws Exception {
        long seed = Long.getLong("steward.seed", System.nanoTime());
        System.out.println("-Dsteward.seed=" + seed);
        random = new Random(seed);
        start();
        var left = new AtomicInteger(tasks);
        List<Thread> producers = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            Person person = people.get(node);
            Person operator = people.getFirst().at(nodes.get(node));
            for (int i = 0; i < PRODUCERS_PER_NODE; i++) {
                var types = new Random(random.nextLong());
                producers.add(Thread.ofVirtual().start(() -> produce(person, operator, types, left)));
            }
        }
        long begun = System.nanoTime();
        Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
        List<Victim> victims = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            // Spread over the whole, at random points.
            int at = (int) ((kill + random.nextDouble()) * tasks / (kills + 1));
            Eventually.until(
                    "tasks are accepted",
                    Duration.ofMinutes(3),
                    () -> revived() && (acknowledgedCount.get() >= at || !refusals.isEmpty()));
            assertThat(refusals).isEmpty();
            if (victims.isEmpty()) { // Each once before any comes again, in any order.
                victims.addAll(victims());
                Collections.shuffle(victims, random);
            }
            Victim victim = victims.removeLast();
            strike(victim);
            killed.merge(victim, 1, Integer::sum);
        }
        Eventually.until(
                "all is accepted",
                Duration.ofMinutes(10),
                () -> revived() && producers.stream().noneMatch(Thread::isAlive));
        double accepted = (System.nanoTime() - begun) / 1e9;
        for (StewardProcess node : nodes) {
            node.awaitReady();
        }
        long drainBegins = System.nanoTime();
        Eventually.until("all is done", Duration.ofMinutes(5), () -> count("status in (0, 1)") == 0);
        Duration drain = Duration.ofNanos(System.nanoTime() - drainBegins);

        assertThat(refusals).isEmpty();
        long attempts = number("select sum(attempts) from task");
        long rows = number("select count(*) from task");
        System.out.printf(
                Locale.ROOT,
                "figure: storm: %d tasks acknowledged in %.0f s (%.0f/s), killed %s, %d attempts beyond the first"
                        + " (%.2f %%), drained in %d ms%n",
                acknowledged.size(),
                accepted,
                acknowledged.size() / accepted,
                killed,
                attempts - rows,
                100.0 * (attempts - rows) / rows,
                drain.toMillis());
        assertThat(acknowledged).hasSize(tasks);
        assertThat(lost()).as("lost").isEmpty();
        assertThat(twice()).as("with an effect that happened twice").isEmpty();
        assertThat((attempts - rows) / (double) rows).as("duplicate attempts").isLessThanOrEqualTo(DUPLICATES_MAX);
        assertThat(drain).as("drained").isLessThanOrEqualTo(DRAIN_MAX);
    }

    private void start() throws Exception {
        receiver = new Receiver();
        String common = Yaml.NO_MODEL + """
                egress: {allow: [127.0.0.1/32]}
                tasks: {lease_ms: %d, workers: 64, crash_recoveries_max: 1000}
                """.formatted(LEASE.toMillis());
        if (redis != null) {
            common += "redis: {url: \"" + redis.url() + "\"}\n";
        }
        if (external != null) {
            relay = new Relay(external::port);
            for (String name : List.of("one", "two", "three")) {
                join(prepare(name, common + "database: {url: \"" + external.url(relay.port()) + "\"}\n"));
            }
            return;
        }
        // Its database has connections for all three.
        StewardProcess first = prepare("one", common + "database: {pool_max: 200}\n");
        nodes.add(first);
        first.launch();
        first.awaitReady();
        relay = new Relay(first::databasePort);
        people.add(Person.register(first));
        for (String name : List.of("two", "three")) {
            String password =
                    Files.readString(first.home.resolve("database/password")).strip();
            join(prepare(
                    name,
                    common
                            + "database: {url: \"postgres://steward:%s@127.0.0.1:%d/steward\"}%n"
                                    .formatted(password, relay.port())));
        }
    }

    private void join(StewardProcess node) throws Exception {
        nodes.add(node);
        node.launch();
        node.awaitReady();
        people.add(Person.register(node));
    }

    private StewardProcess prepare(String name, String yaml) throws Exception {
        Path own = Files.createDirectory(directory.resolve(name));
        return StewardProcess.prepare(own, yaml);
    }

    private enum Victim {
        /// The first node; where it runs the database, that goes with it.
        FIRST_NODE,
        SECOND_NODE,
        THIRD_NODE,
        DATABASE,
        CONNECTIONS,
        /// All who hand in tasks, each in the middle of its next request.
        PRODUCERS,
        REDIS,
        /// What Redis has is gone, and it goes on.
        REDIS_MEMORY
    }

    private List<Victim> victims() {
        return Stream.of(Victim.values())
                .filter(v -> redis != null || (v != Victim.REDIS && v != Victim.REDIS_MEMORY))
                .toList();
    }

    private void strike(Victim victim) throws Exception {
        switch (victim) {
            case FIRST_NODE -> restart(nodes.get(0));
            case SECOND_NODE -> restart(nodes.get(1));
            case THIRD_NODE -> restart(nodes.get(2));
            case DATABASE -> killDatabase();
            case CONNECTIONS -> relay.cut();
            case PRODUCERS -> deathsOfProducers.incrementAndGet();
            case REDIS -> {
                redis.kill();
                redis.restart();
            }
            case REDIS_MEMORY -> redis.wipe();
        }
    }

    private void killDatabase() throws IOException, InterruptedException {
        if (external == null) {
            nodes.getFirst().postmaster().ifPresent(ProcessHandle::destroyForcibly);
        } else {
            external.killAndStart();
            external.awaitReady();
        }
    }

    /// Starts what has ended by itself, as a supervisor does: a node that meets a killed database while it starts says
    /// so and gives up.
    ///
    /// @return true
    private boolean revived() {
        for (StewardProcess node : nodes) {
            if (!node.alive()) {
                try {
                    node.launch();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return true;
    }

    private static void restart(StewardProcess node) throws IOException, InterruptedException {
        node.kill();
        node.launch(); // Nobody waits for it: the next death may meet it while it starts.
    }

    /// @param operator who may hand in tasks of type noop
    private void produce(Person person, Person operator, Random types, AtomicInteger left) {
        int deaths = 0;
        try {
            while (left.decrementAndGet() >= 0 && refusals.isEmpty()) {
                int dice = types.nextInt(100);
                String type =
                        dice < REMINDERS_OF_100 ? "reminder" : dice < REMINDERS_OF_100 + HTTP_OF_100 ? "http" : "noop";
                Person sender = type.equals("noop") ? operator : person;
                boolean dies = deaths < deathsOfProducers.get();
                deaths = deathsOfProducers.get();
                int diesAfterMillis = dies ? 1 + types.nextInt(20) : 0;
                acknowledged.add(new Acknowledged(acceptUntilAcknowledged(sender, type, diesAfterMillis), type));
                acknowledgedCount.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AssertionError e) {
            refusals.add(String.valueOf(e.getMessage()));
        }
    }

    /// Comes again with the same key until the server says that it has the task, as a careful client does.
    ///
    /// @param diesAfterMillis when it is killed in its first request; 0: it lives
    private String acceptUntilAcknowledged(Person person, String type, int diesAfterMillis)
            throws InterruptedException {
        UUID key = UUID.randomUUID();
        Map<String, Object> input = switch (type) {
            case "http" -> Map.of("method", "POST", "url", receiver.url());
            case "reminder" -> Map.of("text", "storm");
            default -> Map.of();
        };
        if (diesAfterMillis > 0) { // It had written down what it wanted to do, and its successor does that.
            Duration death = Duration.ofMillis(diesAfterMillis);
            person.postAndHangUp("/api/v1/tasks", Map.of("type", type, "input", input), key, death);
        }
        long end = System.nanoTime() + Person.PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                Person.Reply reply = person.post("/api/v1/tasks", Map.of("type", type, "input", input), key);
                if (reply.status() == 201) {
                    return reply.json().path("id").asString();
                }
                last = reply.toString();
                if (reply.status() < 500 && reply.status() != 409 && reply.status() != 429) {
                    break;
                }
            } catch (IOException | JacksonException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("a task of type " + type + " was never accepted; last: " + last);
    }

    private List<String> lost() throws SQLException, IOException {
        var done = new HashSet<String>();
        try (Connection sql = sql();
                Statement statement = sql.createStatement();
                ResultSet rows = statement.executeQuery("select id from task where status = 2")) {
            while (rows.next()) {
                done.add(rows.getString(1));
            }
        }
        return acknowledged.stream()
                .filter(a -> !done.contains(a.id()) || (a.type().equals("http") && receiver.requestsOf(a.id()) == 0))
                .map(Acknowledged::toString)
                .toList();
    }

    /// A reminder that was told other than once; a request that was made more often than there were attempts.
    private List<String> twice() throws SQLException, IOException {
        List<String> twice = new ArrayList<>();
        try (Connection sql = sql();
                Statement statement = sql.createStatement()) {
            try (ResultSet rows = statement.executeQuery("""
                    select t.id, count(l.id) from task t left join conversation_log l on l.turn_id = t.id
                    where t.type = 'reminder' group by t.id having count(l.id) <> 1
                    """)) {
                while (rows.next()) {
                    twice.add("reminder " + rows.getString(1) + ": " + rows.getInt(2));
                }
            }
            try (ResultSet rows = statement.executeQuery("select id, attempts from task where type = 'http'")) {
                while (rows.next()) {
                    int requests = receiver.requestsOf(rows.getString(1));
                    if (requests > rows.getInt(2)) {
                        twice.add("http " + rows.getString(1) + ": " + requests + " of " + rows.getInt(2));
                    }
                }
            }
        }
        return twice;
    }

    private Connection sql() throws SQLException, IOException {
        return external == null ? nodes.getFirst().sql() : external.sql();
    }

    private long count(String condition) {
        try {
            return number("select count(*) from task where " + condition);
        } catch (SQLException | IOException _) {
            return -1; // The database is on its way back.
        }
    }

    private long number(String query) throws SQLException, IOException {
        try (Connection sql = sql();
                Statement statement = sql.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
