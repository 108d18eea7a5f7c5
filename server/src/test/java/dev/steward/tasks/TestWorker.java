package dev.steward.tasks;

import dev.steward.base.IdSource;
import dev.steward.base.UserId;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus;
import dev.steward.components.Tier;
import dev.steward.database.Peers;
import dev.steward.database.Transactions;
import dev.steward.telemetry.Tracing;
import dev.steward.testing.PostgresFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The whole queue of one process, on a test's database.
public final class TestWorker implements AutoCloseable {

    static final UserId OWNER = new UserId(UUID.fromString("00000000-0000-7000-8000-000000000001"));

    private static final IdSource IDS = new IdSource(InstantSource.system(), new SecureRandom());

    final UUID id = UUID.randomUUID();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final TaskHandlers handlers = new TaskHandlers();
    final PostgresTaskStore store;
    final TaskListStore list;
    final DeadLetterStore deadLetters;
    final TaskEngine engine;
    final DurableTaskQueue queue;
    final TaskGraph graph;
    final TaskJanitor janitor;
    private final EngineConnections connections;
    private final EngineThreads threads;
    private final ComponentRegistry components = new ComponentRegistry(InstantSource.system());
    private final WakeUps wakeUps;
    private boolean over;

    TestWorker(PostgresFixture postgres, String home, TasksConfig config, TaskHandler... handlers) {
        this(postgres.jdbc(), postgres.singles(), postgres.transactions(), home, config, handlers);
    }

    TestWorker(
            JdbcClient jdbc,
            DataSource singles,
            TransactionOperations transactions,
            String home,
            TasksConfig config,
            TaskHandler... handlers) {
        this(jdbc, singles, transactions, home, config, WakeUps.NONE, _ -> {}, true, handlers);
    }

    /// @param works whether it runs tasks, or accepts them only
    TestWorker(
            JdbcClient jdbc,
            DataSource singles,
            TransactionOperations transactions,
            String home,
            TasksConfig config,
            WakeUps wakeUps,
            Consumer<Lease> stops,
            boolean works,
            TaskHandler... handlers) {
        this.wakeUps = wakeUps;
        connections = new EngineConnections(singles);
        store = new PostgresTaskStore(jdbc, connections);
        list = new TaskListStore(jdbc);
        deadLetters = new DeadLetterStore(jdbc, store);
        var metrics = new TaskMetrics(meters);
        var policy = new FailurePolicy(config, new Random(1));
        List.of(handlers).forEach(this.handlers::add);
        engine = new TaskEngine(
                id,
                home,
                this.handlers,
                store,
                new Transactions(transactions),
                config,
                policy,
                metrics,
                Tracing.quiet(),
                wakeUps,
                stops);
        queue = new DurableTaskQueue(store, engine, list, config, InstantSource.system(), Tracing.quiet());
        graph = new TaskGraph(store, new Transactions(transactions), queue::accept);
        janitor = new TaskJanitor(store, deadLetters, queue, config, metrics, () -> true);
        threads = new EngineThreads(engine, queue, janitor, config, components.register("tasks", Tier.CORE), works);
    }

    /// Not started yet: handlers may be added that need its queue.
    public static TestWorker prepared(PostgresFixture postgres, String home) {
        return new TestWorker(postgres, home, quick());
    }

    /// The same on any database, with the settings as shipped.
    public static TestWorker prepared(JdbcClient jdbc, DataSource singles, TransactionOperations transactions) {
        return new TestWorker(jdbc, singles, transactions, "home", TasksConfig.DEFAULTS);
    }

    static TestWorker started(PostgresFixture postgres, String home, TasksConfig config, TaskHandler... handlers) {
        var worker = new TestWorker(postgres, home, config, handlers);
        worker.start();
        return worker;
    }

    /// Started, and in touch with the other processes.
    static TestWorker connected(
            PostgresFixture postgres, Peers peers, String home, TasksConfig config, TaskHandler... handlers) {
        var wakeUps = new NotifyWakeUps(peers);
        var stops = new StopCalls(peers);
        var worker = new TestWorker(
                postgres.jdbc(),
                postgres.singles(),
                postgres.transactions(),
                home,
                config,
                wakeUps,
                stops::stop,
                true,
                handlers);
        stops.start(worker.engine::stopRunning);
        worker.start();
        return worker;
    }

    public TestWorker handle(TaskHandler handler) {
        handlers.add(handler);
        return this;
    }

    public TaskQueue queue() {
        return queue;
    }

    public void start() {
        wakeUps.start(engine.listener());
        threads.start();
    }

    ComponentStatus status() {
        return components.statuses().getFirst();
    }

    Task task(TaskId task) {
        return list.find(OWNER, task).orElseThrow();
    }

    TaskStatus statusOf(TaskId task) {
        return task(task).status();
    }

    List<String> outcomes(TaskId task) {
        return list.attempts(OWNER, task).stream().map(AttemptRecord::outcome).toList();
    }

    TaskId accept(String type) {
        return accept(newTask(type));
    }

    TaskId accept(NewTask task) {
        queue.accept(task);
        return task.id();
    }

    static NewTask newTask(String type) {
        return newTask(type, Priority.MEDIUM, 3);
    }

    static NewTask newTask(String type, Priority priority, int maxRetries) {
        return new NewTask(
                new TaskId(IDS.next()),
                OWNER,
                type,
                priority,
                "",
                "{}",
                Optional.empty(),
                Optional.empty(),
                maxRetries,
                Optional.empty());
    }

    /// Short times, so that tests need not wait.
    static TasksConfig quick() {
        return config(Duration.ofSeconds(60), 2000, 1_000_000);
    }

    static TasksConfig config(Duration lease, int workers, long queueMax) {
        return new TasksConfig(
                workers,
                queueMax,
                lease,
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                3,
                Duration.ofDays(30),
                true,
                new TasksConfig.Retry(Duration.ofMillis(1), Duration.ofMillis(20)),
                new TasksConfig.DeadLetters(100, Duration.ofDays(1), 10, Duration.ZERO));
    }

    void stop() {
        over = true;
        threads.stop();
        wakeUps.stop();
    }

    /// As a kill of the process, but that handlers which run go on as zombies.
    public void kill() {
        over = true;
        threads.kill();
    }

    @Override
    public void close() {
        if (over) {
            wakeUps.stop();
        } else {
            stop();
        }
        connections.close();
    }
}
