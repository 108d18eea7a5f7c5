package dev.steward.tasks;

import static dev.steward.tasks.TestWorker.OWNER;
import static dev.steward.tasks.TestWorker.newTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Secret;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus;
import dev.steward.components.ComponentStatus.State;
import dev.steward.components.Tier;
import dev.steward.redis.RedisServer;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import dev.steward.testing.RedisFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/// Processes that hand out tasks through a real Redis, and what becomes of tasks when it fails. Their own look at
/// the table is so rare, where a test says so, that only Redis, or its loss, can make a task start.
class RedisDispatchIT {

    private static final Duration RARELY = Duration.ofMinutes(1);

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    @AutoClose
    private final RedisFixture redis = RedisFixture.start();

    private final List<Node> nodes = new ArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);

    /// One process.
    private static final class Node implements AutoCloseable {
        final ComponentRegistry components = new ComponentRegistry(InstantSource.system());
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final RedisWakeUps wakeUps;
        final TestWorker worker;

        Node(String url, Duration poll, boolean works, WakeUps instead, TaskHandler... handlers) {
            wakeUps = new RedisWakeUps(
                    RedisServer.at(new Secret(url)),
                    UUID.randomUUID(),
                    new TaskDispatchStore(postgres.jdbc())::space,
                    works,
                    instead,
                    components.register("redis", Tier.OPTIONAL),
                    new DispatchMetrics(meters));
            worker = new TestWorker(
                    postgres.jdbc(),
                    postgres.singles(),
                    postgres.transactions(),
                    "home-" + UUID.randomUUID(),
                    config(poll),
                    wakeUps,
                    _ -> {},
                    works,
                    handlers);
            worker.start();
        }

        ComponentStatus status() {
            return components.statuses().getFirst();
        }

        void awaitRedis() {
            Eventually.until("tasks are handed out through Redis", wakeUps::active);
        }

        double metric(String name) {
            return meters.get(name).counter().count();
        }

        double active(String dispatch) {
            return meters.get("task_dispatch_active")
                    .tag("dispatch", dispatch)
                    .gauge()
                    .value();
        }

        @Override
        public void close() {
            worker.close();
        }
    }

    /// What one process says, all of them hear.
    private static final class Shouts implements WakeUps {
        private final List<Listener> listeners = new CopyOnWriteArrayList<>();

        @Override
        public void announce(ReadyTask task) {
            announce(task.type());
        }

        @Override
        public void announce(String type) {
            listeners.forEach(listener -> listener.ready(type));
        }

        @Override
        public void start(Listener listener) {
            listeners.add(listener);
        }

        @Override
        public void stop() {
            // Nothing waits to be said.
        }
    }

    private static TasksConfig config(Duration poll) {
        TasksConfig quick = TestWorker.quick();
        return new TasksConfig(
                quick.workers(),
                quick.queueMax(),
                quick.lease(),
                poll,
                quick.ageing(),
                quick.drain(),
                quick.crashRecoveriesMax(),
                quick.keepFinished(),
                quick.drills(),
                quick.retry(),
                quick.deadLetters());
    }

    private Node node(String url, boolean works, TaskHandler... handlers) {
        return node(url, RARELY, works, handlers);
    }

    private Node node(String url, Duration poll, boolean works, TaskHandler... handlers) {
        var node = new Node(url, poll, works, WakeUps.NONE, handlers);
        nodes.add(node);
        return node;
    }

    private Node accepting(TaskHandler... handlers) {
        Node node = node(redis.url(), false, handlers);
        node.awaitRedis();
        return node;
    }

    private Node working(TaskHandler... handlers) {
        Node node = node(redis.url(), true, handlers);
        node.awaitRedis();
        return node;
    }

    @AfterEach
    void stop() {
        open.countDown();
        nodes.reversed().forEach(Node::close);
        postgres.jdbc()
                .sql("truncate task, task_attempt, task_replay, worker, task_type")
                .update();
    }

    private static TestHandler quick(String type) {
        return new TestHandler(type, 100, Duration.ofMinutes(1), _ -> "null");
    }

    private static void awaitCompleted(Node node, TaskId task) {
        Eventually.until(task + " is completed", () -> node.worker.statusOf(task) == TaskStatus.COMPLETED);
    }

    private static void awaitAll(Node node, List<TaskId> tasks) {
        Eventually.until(
                "all are completed",
                Duration.ofSeconds(60),
                () -> tasks.stream().allMatch(t -> node.worker.statusOf(t) == TaskStatus.COMPLETED));
    }

    private List<String> ids() {
        try (Jedis client = client()) {
            List<String> found = new ArrayList<>();
            streams()
                    .keys()
                    .forEach(key -> client.xrange(key, "-", "+")
                            .forEach(entry ->
                                    found.add(String.join("", entry.getFields().values()))));
            return found;
        }
    }

    private Jedis client() {
        return new Jedis("127.0.0.1", redis.port());
    }

    private static TaskStreams streams() {
        return new TaskStreams(new TaskDispatchStore(postgres.jdbc()).space());
    }

    @Test
    void aTaskThatOneProcessAcceptsIsHandedToAnother() {
        Node accepts = accepting();
        Node works = working(quick("work"));

        TaskId task = accepts.worker.accept("work");

        awaitCompleted(accepts, task);
        // The first look at the table may have been quicker than the word.
        Eventually.until("it was sent", () -> accepts.metric("task_dispatch_sent") == 1);
        Eventually.until("it was handed over", () -> works.metric("task_dispatch_handed") == 1);
        assertThat(works.active("redis")).isEqualTo(1);
        assertThat(works.active("postgresql")).isZero();
        assertThat(works.status().state()).isEqualTo(State.UP);
        assertThat(ids()).isEmpty();
    }

    @Test
    void eachTaskIsHandedToOneProcessAndAllOfThemGetSome() {
        Node accepts = accepting();
        List<TestHandler> handlers = IntStream.range(0, 3)
                .mapToObj(_ -> new TestHandler("work", 5, Duration.ofMinutes(1), _ -> {
                    open.await();
                    return "null";
                }))
                .toList();
        var shouts = new Shouts();
        for (TestHandler handler : handlers) {
            var node = new Node(redis.url(), RARELY, true, shouts, handler);
            nodes.add(node);
            node.awaitRedis();
        }

        List<TaskId> tasks = IntStream.range(0, 15)
                .mapToObj(_ -> accepts.worker.accept("work"))
                .toList();

        // Of what came to a process that was full the others hear, and there is room for just as many.
        Eventually.until(
                "all of them run",
                () -> handlers.stream().mapToInt(h -> h.attempts.size()).sum() == 15);
        open.countDown();
        handlers.forEach(h -> assertThat(h.attempts).hasSize(5));
        awaitAll(accepts, tasks);
        assertThat(handlers.stream().mapToInt(h -> h.attempts.size()).sum()).isEqualTo(15);
    }

    @Test
    void theMostUrgentIsHandedOutFirst() {
        Node accepts = accepting();
        var handler = new TestHandler("work", 1, Duration.ofMinutes(1), _ -> "null");
        List<NewTask> tasks = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.HIGH, Priority.MEDIUM, Priority.CRITICAL)) {
            for (int i = 0; i < 3; i++) {
                tasks.add(newTask("work", priority, 0));
            }
        }
        tasks.forEach(task -> accepts.worker.accept(task));
        Eventually.until("all ids are in Redis", () -> ids().size() == 12);

        try (Jedis client = client()) {
            List<Priority> order = IntStream.range(0, 4)
                    .mapToObj(_ -> streams().take(client, "test", 3))
                    .flatMap(List::stream)
                    .map(ReadyTask::priority)
                    .toList();
            assertThat(order).hasSize(12).isSortedAccordingTo((a, b) -> b.compareTo(a));
            assertThat(ids()).isEmpty();
        }
        // Nobody has them now but the table.
        working(handler);
        awaitAll(accepts, tasks.stream().map(NewTask::id).toList());
    }

    @Test
    void aFullProcessTakesTheMostUrgentFromTheTable() {
        Node accepts = accepting();
        var handler = new TestHandler("work", 1, Duration.ofMinutes(1), a -> {
            open.await();
            return "null";
        });
        working(handler);
        TaskId first = accepts.worker.accept(newTask("work", Priority.LOW, 0));
        Eventually.until("it runs", () -> handler.started().contains(first));
        List<NewTask> tasks = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.HIGH, Priority.MEDIUM, Priority.CRITICAL)) {
            tasks.add(newTask("work", priority, 0));
        }
        tasks.forEach(task -> accepts.worker.accept(task));
        Eventually.until("all are accepted", () -> accepts.metric("task_dispatch_sent") == 5);
        Eventually.until("all were handed over", () -> ids().isEmpty());

        open.countDown();

        awaitAll(accepts, tasks.stream().map(NewTask::id).toList());
        assertThat(handler.started().subList(1, 5))
                .containsExactly(
                        tasks.get(3).id(),
                        tasks.get(1).id(),
                        tasks.get(2).id(),
                        tasks.get(0).id());
    }

    @Test
    void anIdOfATaskThatIsCancelledPausedNotDueOrOfAnotherTypeStartsNothing() {
        var work = quick("work");
        var other = quick("other");
        Node works = working(work, other);
        NewTask cancelled = newTask("work");
        NewTask late = newTask("work");
        late = new NewTask(
                late.id(),
                OWNER,
                "work",
                Priority.MEDIUM,
                "",
                "{}",
                Optional.of(InstantSource.system().instant().plus(Duration.ofHours(1))),
                Optional.empty(),
                3,
                Optional.empty());
        NewTask paused = newTask("other");
        NewTask lie = newTask("other");
        postgres.jdbc()
                .sql("insert into task_type (type, paused_at) values ('other', now())")
                .update();
        Eventually.until("the pause is known", () -> {
            works.worker.engine.readPaused();
            return true;
        });
        works.worker.store.accept(
                List.of(late, paused, lie).stream().map(Acceptance::of).toList());
        // In one transaction, or a look at the table in between would start it.
        postgres.transactions().executeWithoutResult(_ -> {
            works.worker.accept(cancelled);
            assertThat(works.worker.queue.cancel(OWNER, cancelled.id())).isTrue();
        });
        try (Jedis client = client()) {
            streams()
                    .add(
                            client,
                            List.of(
                                    ReadyTask.of(cancelled),
                                    ReadyTask.of(late),
                                    ReadyTask.of(paused),
                                    new ReadyTask(OWNER, lie.id(), "work", Priority.CRITICAL),
                                    new ReadyTask(OWNER, newTask("work").id(), "work", Priority.LOW)));
            client.xadd(streams().keys().getFirst(), StreamEntryID.NEW_ENTRY, Map.of("x", "no task at all"));
        }
        // The five that are well formed, and the cancelled one by its acceptance.
        Eventually.until("all were handed over", () -> works.metric("task_dispatch_handed") == 6);

        TaskId good = works.worker.accept("work");

        awaitCompleted(works, good);
        assertThat(work.started()).containsExactly(good);
        assertThat(other.started()).isEmpty();
        assertThat(works.worker.statusOf(cancelled.id())).isEqualTo(TaskStatus.CANCELLED);
        assertThat(works.worker.statusOf(late.id())).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void whatWasInRedisWhenItIsWipedIsFoundAndItGoesOn() {
        Node accepts = accepting();
        List<TaskId> tasks = IntStream.range(0, 50)
                .mapToObj(_ -> accepts.worker.accept("work"))
                .toList();
        Eventually.until("all ids are in Redis", () -> ids().size() == 50);
        redis.wipe();
        Node works = working(quick("work"));
        works.worker.engine.hint(Duration.ZERO); // As every process does when it starts to take.
        awaitAll(accepts, tasks);

        redis.wipe();
        TaskId after = accepts.worker.accept("work");

        awaitCompleted(accepts, after);
        assertThat(works.wakeUps.active()).isTrue();
        double handed = works.metric("task_dispatch_handed");
        TaskId later = accepts.worker.accept("work");
        awaitCompleted(accepts, later);
        Eventually.until("Redis hands out again", () -> works.metric("task_dispatch_handed") > handed);
    }

    @Test
    void whileRedisHangsPostgresqlHandsOutAndThenRedisAgain() {
        Node works = working(quick("work"));
        Node accepts = accepting();
        awaitCompleted(accepts, accepts.worker.accept("work"));

        redis.pause();
        // Nobody has noticed yet: this one is on its way into a Redis that says nothing.
        List<TaskId> tasks = new ArrayList<>();
        tasks.add(accepts.worker.accept("work"));
        awaitCompleted(accepts, tasks.getFirst());
        Eventually.until("it is given up", () -> accepts.active("postgresql") == 1);
        tasks.add(accepts.worker.accept("work"));
        awaitAll(accepts, tasks);
        Eventually.until("it is told", () -> works.status().state() == State.DOWN);
        assertThat(works.status().message()).contains("does not answer in time").contains("nothing is lost");

        redis.resume();

        works.awaitRedis();
        accepts.awaitRedis();
        Eventually.until("it is told", () -> works.status().state() == State.UP);
        double handed = works.metric("task_dispatch_handed");
        TaskId after = accepts.worker.accept("work");
        awaitCompleted(accepts, after);
        Eventually.until("Redis hands out again", () -> works.metric("task_dispatch_handed") > handed);
    }

    @Test
    void whileRedisIsDeadPostgresqlHandsOutAndThenRedisAgain() {
        Node works = working(quick("work"));
        Node accepts = accepting();

        redis.kill();
        List<TaskId> tasks = IntStream.range(0, 20)
                .mapToObj(_ -> accepts.worker.accept("work"))
                .toList();
        awaitAll(accepts, tasks);
        Eventually.until("it is told", () -> works.status().state() == State.DOWN);
        assertThat(works.status().message()).contains("Redis at 127.0.0.1:" + redis.port());

        redis.restart();

        works.awaitRedis();
        accepts.awaitRedis();
        double handed = works.metric("task_dispatch_handed");
        awaitCompleted(accepts, accepts.worker.accept("work"));
        assertThat(works.metric("task_dispatch_handed")).isGreaterThan(handed);
    }

    @Test
    void underLoadNothingIsLostOrDoneTwiceWhileRedisIsWipedPausedAndKilled() throws InterruptedException {
        var effects = new AtomicInteger();
        var handlers = IntStream.range(0, 2)
                .mapToObj(_ -> new TestHandler("work", 50, Duration.ofMinutes(1), _ -> {
                    effects.incrementAndGet();
                    return "null";
                }))
                .toList();
        // As shipped: what no word comes for is found within a second.
        Duration poll = TasksConfig.DEFAULTS.poll();
        Node accepts = node(redis.url(), poll, false);
        handlers.forEach(handler -> node(redis.url(), poll, true, handler));
        nodes.forEach(Node::awaitRedis);
        List<TaskId> tasks = new ArrayList<>();
        var accepting = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 3000; i++) {
                tasks.add(accepts.worker.accept("work"));
            }
        });

        for (int i = 0; i < 2; i++) {
            int before = effects.get();
            redis.wipe();
            Eventually.until("it goes on", () -> effects.get() > before + 50 || !accepting.isAlive());
            redis.pause();
            int during = effects.get();
            Eventually.until("it goes on", () -> effects.get() > during + 50 || !accepting.isAlive());
            redis.resume();
            redis.kill();
            int dead = effects.get();
            Eventually.until("it goes on", () -> effects.get() > dead + 50 || !accepting.isAlive());
            redis.restart();
        }
        accepting.join();

        awaitAll(accepts, tasks);
        assertThat(effects).hasValue(3000);
        nodes.forEach(Node::awaitRedis);
    }

    @Test
    void aRedisThatCannotBeUsedIsToldAndTasksRun() {
        try (RedisFixture guarded = RedisFixture.start("--requirepass", "hidden");
                RedisFixture replica = RedisFixture.start("--replicaof", "127.0.0.1 " + redis.port());
                RedisFixture old = RedisFixture.start("--rename-command", "XGROUP", "")) {
            assertTold("redis://:wrong@127.0.0.1:" + guarded.port(), "refuses the user or the password");
            assertTold(guarded.url(), "wants a password");
            assertTold(replica.url(), "read-only replica");
            assertTold(old.url(), "too old");
            assertTold("redis://no-such-host.invalid:1", "host");
        }
    }

    private void assertTold(String url, String reason) {
        Node node = node(url, true, quick("work"));
        awaitCompleted(node, node.worker.accept("work"));
        Eventually.until("it is told", () -> node.status().message().contains(reason));
        assertThat(node.status().message()).contains("nothing is lost").doesNotContain("wrong@", "hidden");
        assertThat(node.active("redis")).isZero();
        nodes.remove(node);
        node.close();
    }

    @Test
    void streamsStayBoundedAndSilentReadersAreRemoved() {
        var streams = streams();
        try (Jedis client = client()) {
            streams.prepare(client);
            for (int i = 0; i < 12; i++) {
                streams.add(
                        client,
                        IntStream.range(0, 1000)
                                .mapToObj(_ -> ReadyTask.of(newTask("work")))
                                .toList());
            }
            String medium = streams.keys().get(2);
            assertThat(client.xlen(medium)).isBetween((long) TaskStreams.LENGTH_MAX, TaskStreams.LENGTH_MAX + 200L);
            // Read, but not deleted: its reader died between the two.
            streams.take(client, "reader", 1000);
            client.xadd(medium, StreamEntryID.NEW_ENTRY, Map.of("task", "none"));
            assertThat(client.xinfoConsumers2(medium, "workers")).hasSize(1);

            streams.tidy(client, "me");
            assertThat(client.xinfoConsumers2(medium, "workers"))
                    .as("not silent for long")
                    .hasSize(1);
            streams.leave(client, "reader");
            assertThat(client.xinfoConsumers2(medium, "workers")).isEmpty();
        }
    }
}
