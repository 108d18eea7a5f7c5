package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.RedisFixture;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;

/// Three nodes hand out tasks through one Redis, which is wiped, stopped and killed at random points, as is a node.
/// Every task that was acknowledged is done in the end, once, and tasks are handed out through Redis again.
///
/// The seed is printed; `-Dsteward.seed=…` makes the same faults after the same numbers of acknowledged tasks.
class RedisStormTest {

    private static final int TASKS = Integer.getInteger("storm.tasks", 10_000);
    private static final int FAULTS = 8;
    private static final int PRODUCERS_PER_NODE = 8;
    private static final Duration LEASE = Duration.ofSeconds(5);

    /// All of a person's reminders go into one conversation, one after the other, and are taken faster than they are
    /// told: what is left at the end depends on the machine, and is no matter of Redis.
    private static final Duration DONE_MAX = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private final RedisFixture redis = RedisFixture.start();
    private final List<StewardProcess> nodes = new ArrayList<>();
    private final List<Person> people = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acknowledgedCount = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();

    private enum Fault {
        WIPED,
        PAUSED,
        KILLED,
        NODE_KILLED
    }

    @AfterEach
    void stop() {
        // The first node owns the database, so it goes last.
        nodes.reversed().forEach(StewardProcess::close);
        redis.close();
    }

    @Test
    @Tag("long")
    void noAcknowledgedTaskIsLostAndNoneTakesEffectTwiceWhateverBecomesOfRedis() throws Exception {
        long seed = Long.getLong("steward.seed", System.nanoTime());
        System.out.println("-Dsteward.seed=" + seed);
        var random = new Random(seed);
        start();
        var left = new AtomicInteger(TASKS);
        List<Thread> producers = new ArrayList<>();
        for (Person person : people) {
            for (int i = 0; i < PRODUCERS_PER_NODE; i++) {
                producers.add(Thread.ofVirtual().start(() -> produce(person, left)));
            }
        }
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        for (int i = 0; i < FAULTS; i++) {
            int at = (int) ((i + random.nextDouble()) * TASKS / (FAULTS + 1));
            Eventually.until(
                    "tasks are accepted",
                    Duration.ofMinutes(3),
                    () -> acknowledgedCount.get() >= at || !refusals.isEmpty());
            Fault fault = i < Fault.values().length
                    ? Fault.values()[i] // Each at least once.
                    : Fault.values()[random.nextInt(Fault.values().length)];
            strike(fault);
            faults.merge(fault, 1, Integer::sum);
        }
        for (Thread producer : producers) {
            producer.join();
        }
        for (StewardProcess node : nodes) {
            node.awaitReady();
        }
        Eventually.until(
                "all is done", DONE_MAX, () -> number("select count(*) from task where status in (0, 1)") == 0);

        assertThat(refusals).isEmpty();
        assertThat(acknowledged).hasSize(TASKS);
        long attempts = number("select sum(attempts) from task where type = 'reminder'");
        System.out.printf(
                Locale.ROOT,
                "figure: Redis storm: %d tasks, %s, %d attempts beyond the first; accepted to started, in ms: p50 %d, p99 %d,"
                        + " most %d%n",
                TASKS,
                faults,
                attempts - TASKS,
                delay(0.5),
                delay(0.99),
                delay(1));
        assertThat(lost()).as("lost").isEmpty();
        assertThat(twice()).as("with an effect that happened twice").isEmpty();
        for (StewardProcess node : nodes) {
            Eventually.until("Redis hands out again", () -> health(node).contains("\"status\":\"up\""));
        }
    }

    private void start() throws Exception {
        String common = Yaml.NO_MODEL + """
                redis: {url: "%s"}
                tasks: {lease_ms: %d, workers: 64, crash_recoveries_max: 1000}
                """.formatted(redis.url(), LEASE.toMillis());
        StewardProcess first = prepare("one", common + "database: {pool_max: 200}\n");
        nodes.add(first);
        first.launch();
        first.awaitReady();
        String password =
                Files.readString(first.home.resolve("database/password")).strip();
        for (String name : List.of("two", "three")) {
            StewardProcess node = prepare(
                    name,
                    common
                            + "database: {url: \"postgres://steward:%s@127.0.0.1:%d/steward\"}%n"
                                    .formatted(password, first.databasePort()));
            nodes.add(node);
            node.launch();
            node.awaitReady();
        }
        for (StewardProcess node : nodes) {
            people.add(Person.register(node));
            Eventually.until("Redis hands out", () -> health(node).contains("\"status\":\"up\""));
        }
    }

    private StewardProcess prepare(String name, String yaml) throws Exception {
        return StewardProcess.prepare(Files.createDirectory(directory.resolve(name)), yaml);
    }

    private void strike(Fault fault) throws Exception {
        switch (fault) {
            case WIPED -> redis.wipe();
            case PAUSED -> {
                redis.pause();
                int before = acknowledgedCount.get();
                Eventually.until("it goes on", () -> acknowledgedCount.get() > before + 20 || done());
                redis.resume();
            }
            case KILLED -> {
                redis.kill();
                int before = acknowledgedCount.get();
                Eventually.until("it goes on", () -> acknowledgedCount.get() > before + 20 || done());
                redis.restart();
            }
            case NODE_KILLED -> {
                StewardProcess third = nodes.getLast();
                third.kill();
                third.launch(); // Nobody waits for it.
            }
        }
    }

    private boolean done() {
        return acknowledgedCount.get() >= TASKS || !refusals.isEmpty();
    }

    private void produce(Person person, AtomicInteger left) {
        try {
            while (left.decrementAndGet() >= 0 && refusals.isEmpty()) {
                acknowledged.add(acceptUntilAcknowledged(person));
                acknowledgedCount.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AssertionError e) {
            refusals.add(String.valueOf(e.getMessage()));
        }
    }

    /// Comes again with the same key until the server says that it has the task, as a careful client does.
    private String acceptUntilAcknowledged(Person person) throws InterruptedException {
        UUID key = UUID.randomUUID();
        // Writes into a conversation, and has no limit that would keep it off Redis.
        Map<String, Object> task = Map.of("type", "reminder", "input", Map.of("text", "storm"));
        long end = System.nanoTime() + Person.PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                Person.Reply reply = person.post("/api/v1/tasks", task, key);
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
        throw new AssertionError("a task was never accepted; last: " + last);
    }

    private static String health(StewardProcess node) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(node.uri("/health/redis")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    private List<String> lost() throws SQLException, IOException {
        var done = new HashSet<String>();
        try (Connection sql = nodes.getFirst().sql();
                Statement statement = sql.createStatement();
                ResultSet rows = statement.executeQuery("select id from task where status = 2")) {
            while (rows.next()) {
                done.add(rows.getString(1));
            }
        }
        return acknowledged.stream().filter(id -> !done.contains(id)).toList();
    }

    /// Reminders that were told other than once.
    private List<String> twice() throws SQLException, IOException {
        List<String> twice = new ArrayList<>();
        try (Connection sql = nodes.getFirst().sql();
                Statement statement = sql.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select t.id, count(l.id) from task t left join conversation_log l on l.turn_id = t.id
                        where t.type = 'reminder' group by t.id having count(l.id) <> 1
                        """)) {
            while (rows.next()) {
                twice.add(rows.getString(1) + ": " + rows.getInt(2));
            }
        }
        return twice;
    }

    private long delay(double quantile) throws SQLException, IOException {
        return number("""
                select (1000 * extract(epoch from percentile_disc(%s) within group (order by started_at - created)))::bigint
                from task where type = 'reminder' and attempts = 1
                """.formatted(quantile));
    }

    private long number(String query) throws SQLException, IOException {
        try (Connection sql = nodes.getFirst().sql();
                Statement statement = sql.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
