package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;

/// Several processes on one external PostgreSQL.
class NodesTest {

    private static final String LEADS = "this process leads";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int CLIENTS = 6;
    private static final int TASKS_PER_ROUND = 20;

    @TempDir
    Path directory;

    private final List<StewardProcess> nodes = new ArrayList<>();
    private ExternalDatabase database;
    private FaultyModelServer model;
    private Receiver receiver;

    @BeforeEach
    void start() throws Exception {
        database = ExternalDatabase.start();
        model = FaultyModelServer.start();
        receiver = new Receiver();
    }

    @AfterEach
    void stop() throws Exception {
        for (StewardProcess node : nodes) {
            node.close();
        }
        receiver.close();
        model.close();
        database.close();
    }

    private StewardProcess launch(String name, String role) throws Exception {
        Path own = Files.createDirectory(directory.resolve(name));
        String yaml = Yaml.oneBackend(model) + """
                egress: {allow: [127.0.0.1/32]}
                database: {url: "%s"}
                """.formatted(database.url());
        StewardProcess node = StewardProcess.prepare(own, own.resolve("home"), yaml, Map.of(), "--role", role);
        nodes.add(node);
        node.launch();
        return node;
    }

    @Test
    void anAnswerIsGivenByAWorkerAndReadAndStoppedThroughAnyOtherNode() throws Exception {
        StewardProcess one = launch("one", "api");
        StewardProcess two = launch("two", "api");
        StewardProcess works = launch("works", "worker");
        for (StewardProcess node : nodes) {
            node.awaitReady();
        }
        Eventually.until("they see each other", SOON, () -> sessions() == 3);
        assertThat(works.status("/api/v1/me")).isEqualTo(404);
        Person here = Person.register(one);
        Person there = here.at(two);

        model.chunks(40).chunkInterval(Duration.ofMillis(50));
        long asked = System.nanoTime();
        String turn = here.ask("Tell me a story.");
        Reader first = Reader.follow(here, turn);
        Reader second = Reader.follow(there, turn);
        Person.Event event = second.awaitTextAfter(0);
        var begun = new Figures("asked of one node, answered by another, first words read through a third");
        begun.add(Duration.ofNanos(event.nanos() - asked));
        begun.print();
        first.assertWhole();
        second.assertWhole();
        assertThat(second.text()).isEqualTo(first.text()).isEqualTo(model.answerText());

        // Half of it through one node, the rest through the other.
        Queue<Person.Event> rest = new ConcurrentLinkedQueue<>();
        long half = first.lastId() / 2;
        assertThat(there.listen(turn, half, rest::add)).isEqualTo(Person.End.TURN);
        assertThat(rest.stream().map(Person.Event::id)).startsWith(half + 1).endsWith(first.lastId());

        model.chunks(100_000);
        String endless = here.ask("Tell me a story without an end.");
        Reader watching = Reader.follow(here, endless);
        watching.awaitTextAfter(0);
        long stopped = System.nanoTime();
        Person.Reply reply = there.post("/api/v1/turns/" + endless + "/cancel", Map.of(), UUID.randomUUID());
        assertThat(reply.status()).as(reply.toString()).isBetween(200, 204);
        Person.Event end = watching.await();
        var stop = new Figures("stopped through one node, the end read through another");
        stop.add(Duration.ofNanos(end.nanos() - stopped));
        stop.print();
        assertThat(end.kind()).isEqualTo("cancelled");
        Eventually.until(
                "its worker has let go", SOON, () -> number("select count(*) from task where status = 1") == 0);
        assertThat(number("select count(*) from worker"))
                .as("processes that took tasks")
                .isEqualTo(1);
    }

    @Test
    void anotherNodeLeadsWhenTheLeaderIsKilledOrStandsStill() throws Exception {
        launch("one", "all");
        launch("two", "worker");
        for (StewardProcess node : nodes) {
            node.awaitReady();
        }
        Eventually.until("one leads", SOON, () -> leader() != null && sessions() == 2);
        StewardProcess killed = leader();
        StewardProcess other = nodes.get(killed == nodes.getFirst() ? 1 : 0);

        long at = System.nanoTime();
        killed.kill();
        Eventually.until("the other one leads", SOON, () -> timesLed(other) == 1);
        var byKill = new Figures("leader killed → another leads");
        byKill.addSince(at);
        byKill.print();
        killed.launch();
        killed.awaitReady();
        Eventually.until("it is back", SOON, () -> sessions() == 2);

        at = System.nanoTime();
        other.halt();
        try {
            Eventually.until("the first one leads again", SOON, () -> timesLed(killed) == 2);
        } finally {
            other.goOn();
        }
        var byHalt = new Figures("leader stands still → another leads");
        byHalt.addSince(at);
        byHalt.print();
        Eventually.until("it is back", SOON, () -> sessions() == 2);
        assertThat(timesLed(other)).as("it has not taken the lead back").isEqualTo(1);
        assertThat(leaderSessions()).isEqualTo(1);
    }

    /// Clients know all nodes and go to the next one when one is not there.
    @Test
    void aRollingRestartLosesNothingAndItsClientsMeetOnlyConnectionsThatAreRefusedOrClosed() throws Exception {
        for (String name : List.of("one", "two", "three")) {
            launch(name, "all").awaitReady();
        }
        Person person = Person.register(nodes.getFirst());
        List<Person> everywhere = nodes.stream().map(person::at).toList();
        model.chunks(10).chunkInterval(Duration.ofMillis(20));
        var clients = new Clients(everywhere);
        clients.begin();

        for (int i = 0; i < nodes.size(); i++) {
            clients.awaitMore(TASKS_PER_ROUND);
            clients.stopping = i;
            StewardProcess node = nodes.get(i);
            assertThat(node.terminate()).as("exit code").isZero();
            node.launch();
            node.awaitReady();
            clients.stopping = -1;
        }
        clients.awaitMore(TASKS_PER_ROUND);
        clients.end();

        assertThat(clients.faults).isEmpty();
        System.out.println("figure: rolling restart: " + clients.tasks.size() + " tasks and " + clients.turns.size()
                + " turns acknowledged; clients met " + clients.met);
        Eventually.until("all is done", SOON, () -> number("select count(*) from task where status in (0, 1)") == 0);
        for (String task : clients.tasks) {
            // Each request carries the task's id as its key; another one needs another attempt.
            long attempts = number("select attempts from task where status = 2 and id = '" + task + "'");
            assertThat((long) receiver.requestsOf(task))
                    .as("requests of %s", task)
                    .isBetween(1L, attempts);
        }
        for (String turn : clients.turns) {
            assertThat(person.turn(turn).path("status").asString()).as(turn).isEqualTo("completed");
        }
    }

    /// People and programs that create tasks and ask, each again and again at the next node.
    private final class Clients {
        final Queue<String> tasks = new ConcurrentLinkedQueue<>();
        final Queue<String> turns = new ConcurrentLinkedQueue<>();
        final Queue<String> faults = new ConcurrentLinkedQueue<>();
        final Map<String, Integer> met = new ConcurrentHashMap<>();
        private final List<Person> everywhere;
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;
        volatile int stopping = -1;

        Clients(List<Person> everywhere) {
            this.everywhere = everywhere;
        }

        void begin() {
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> work(number)));
            }
        }

        void awaitMore(int more) {
            int before = tasks.size();
            Eventually.until("tasks are accepted", SOON, () -> tasks.size() >= before + more || !faults.isEmpty());
        }

        void end() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private void work(int number) {
            var next = new AtomicInteger(number);
            try {
                while (!over && faults.isEmpty()) {
                    if (number == 0) {
                        turns.add(ask(next));
                    } else {
                        tasks.add(create(next));
                    }
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            } catch (IOException | JacksonException e) {
                faults.add(e + ", because of " + e.getCause());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private String create(AtomicInteger next) throws IOException, InterruptedException {
            Map<String, Object> input = Map.of("method", "POST", "url", receiver.url());
            return post("/api/v1/tasks", Map.of("type", "http", "input", input), next)
                    .path("id")
                    .asString();
        }

        private String ask(AtomicInteger next) throws IOException, InterruptedException {
            String conversation =
                    post("/api/v1/conversations", Map.of(), next).path("id").asString();
            return post("/api/v1/conversations/" + conversation + "/turns", Map.of("message", "And now?"), next)
                    .path("turn")
                    .path("id")
                    .asString();
        }

        /// At one node after the other until one takes it, with the same key. What comes from a node that is not being
        /// stopped, and all but a connection that is refused or closed without an answer, is a fault.
        private tools.jackson.databind.JsonNode post(String path, Map<String, ?> body, AtomicInteger next)
                throws IOException, InterruptedException {
            UUID key = UUID.randomUUID();
            for (int tries = 0; tries < 50; tries++) {
                int node = Math.floorMod(next.getAndIncrement(), everywhere.size());
                boolean leaving = node == stopping;
                Person.Reply reply;
                try {
                    reply = everywhere.get(node).post(path, body, key);
                } catch (IOException e) {
                    met.merge(e instanceof ConnectException ? "refused" : "closed", 1, Integer::sum);
                    if (!leaving && node != stopping) {
                        throw new IOException("node " + node + " was not being stopped", e);
                    }
                    continue;
                }
                if (reply.status() / 100 != 2) {
                    throw new IOException(path + " at node " + node + (leaving ? ", leaving: " : ": ") + reply);
                }
                return reply.json();
            }
            throw new IOException("no node took " + path);
        }
    }

    private StewardProcess leader() {
        return nodes.stream().filter(n -> timesLed(n) > 0).findFirst().orElse(null);
    }

    private static long timesLed(StewardProcess node) {
        return node.outputText().lines().filter(line -> line.contains(LEADS)).count();
    }

    private long sessions() {
        return number("select count(*) from pg_stat_activity where application_name = 'steward peers'");
    }

    private long leaderSessions() {
        return number("select count(*) from pg_locks join pg_stat_activity using (pid)"
                + " where locktype = 'advisory' and application_name = 'steward peers'");
    }

    private long number(String query) {
        return database.number(query);
    }
}
