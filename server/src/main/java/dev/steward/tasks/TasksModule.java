package dev.steward.tasks;

import dev.steward.base.IdSource;
import dev.steward.base.InputRules;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import dev.steward.config.RoleSettings;
import dev.steward.database.Database;
import dev.steward.database.Peers;
import dev.steward.database.Transactions;
import dev.steward.http.Egress;
import dev.steward.redis.RedisServer;
import dev.steward.redis.SharedRedis;
import dev.steward.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Builds the durable queue. Other rooms add handlers as beans of type [TaskHandler].
@Configuration(proxyBeanMethods = false)
public class TasksModule {

    /// What a process killed by SIGKILL leaves behind.
    private static final int EXIT_KILLED = 137;

    @Bean
    EngineConnections engineConnections(Database database) {
        return new EngineConnections(database.singles());
    }

    @Bean
    TaskStore taskStore(JdbcClient jdbc, EngineConnections engine) {
        return new PostgresTaskStore(jdbc, engine);
    }

    @Bean
    TaskListStore taskListStore(JdbcClient jdbc) {
        return new TaskListStore(jdbc);
    }

    @Bean
    DeadLetterStore deadLetterStore(JdbcClient jdbc, TaskStore graph) {
        return new DeadLetterStore(jdbc, graph);
    }

    @Bean
    TaskHandlers taskHandlers() {
        return new TaskHandlers();
    }

    @Bean
    TaskMetrics taskMetrics(MeterRegistry registry) {
        return new TaskMetrics(registry);
    }

    /// How processes tell each other of ready tasks.
    @Bean
    WakeUps wakeUps(
            Peers peers,
            ObjectProvider<SharedRedis> redis,
            ObjectProvider<RoleSettings> role,
            JdbcClient jdbc,
            ComponentRegistry components,
            MeterRegistry registry,
            IdSource ids) {
        WakeUps others = new NotifyWakeUps(peers);
        var metrics = new DispatchMetrics(registry);
        Optional<RedisServer> server = redis.stream().findFirst().flatMap(SharedRedis::server);
        return server.<WakeUps>map(found -> new RedisWakeUps(
                        found,
                        ids.next(),
                        new TaskDispatchStore(jdbc)::space,
                        role.getIfAvailable(RoleSettings::all).role().works(),
                        others,
                        components.register("redis", Tier.OPTIONAL),
                        metrics))
                .orElse(others);
    }

    @Bean
    StopCalls stopCalls(Peers peers) {
        return new StopCalls(peers);
    }

    @Bean
    TaskEngine taskEngine(
            TaskHandlers handlers,
            TaskStore store,
            TransactionTemplate transactions,
            TasksConfig config,
            TaskMetrics metrics,
            IdSource ids,
            Home home,
            Tracing tracing,
            WakeUps wakeUps,
            StopCalls stopCalls) {
        UUID worker = ids.next();
        return new TaskEngine(
                worker,
                InstallationId.of(home, ids.next()),
                handlers,
                store,
                new Transactions(transactions),
                config,
                new FailurePolicy(config, new SecureRandom()),
                metrics,
                tracing,
                wakeUps,
                stopCalls::stop);
    }

    @Bean
    DurableTaskQueue taskQueue(
            TaskStore store,
            TaskEngine engine,
            TaskListStore list,
            TasksConfig config,
            InstantSource clock,
            Tracing tracing) {
        return new DurableTaskQueue(store, engine, list, config, clock, tracing);
    }

    @Bean
    TaskGraph taskGraph(TaskStore store, TransactionTemplate transactions, DurableTaskQueue queue) {
        return new TaskGraph(store, new Transactions(transactions), queue::accept);
    }

    @Bean
    TaskJanitor taskJanitor(
            TaskStore store,
            DeadLetterStore deadLetters,
            DurableTaskQueue queue,
            TasksConfig config,
            TaskMetrics metrics,
            Peers peers) {
        return new TaskJanitor(store, deadLetters, queue, config, metrics, peers::leads);
    }

    @Bean
    NoopHandler noopHandler(JsonMapper json, TasksConfig config) {
        return new NoopHandler(json, config.drills(), () -> Runtime.getRuntime().halt(EXIT_KILLED));
    }

    @Bean
    HttpHandler httpHandler(JsonMapper json, Egress egress) {
        return new HttpHandler(json, egress);
    }

    @Bean
    TaskDesk taskDesk(
            TaskHandlers handlers,
            DurableTaskQueue queue,
            TaskGraph graph,
            TaskListStore list,
            InstantSource clock,
            JsonMapper json,
            InputRules rules,
            ObjectProvider<RecurringTasks> recurring) {
        // Asked for late: what makes tasks recur is built upon this room.
        Supplier<RecurringTasks> schedules = () -> recurring.getIfAvailable(NoRecurringTasks::new);
        return new TaskDesk(handlers, queue, graph, list, clock, json, rules, schedules);
    }

    @Bean
    TaskBatchStore taskBatchStore(JdbcClient jdbc) {
        return new TaskBatchStore(jdbc);
    }

    @Bean
    TaskViews taskViews(
            TaskDesk desk, TaskGraph graph, TaskBatchStore batches, DeadLetterStore deadLetters, JsonMapper json) {
        return new TaskViews(desk, graph, batches, deadLetters, json);
    }

    @Bean
    TaskController taskController(
            TaskDesk desk, TaskListStore list, DurableTaskQueue queue, TaskViews views, JsonMapper json) {
        return new TaskController(desk, list, queue, views, json);
    }

    @Bean
    TaskBatchController taskBatchController(
            TaskDesk desk,
            DurableTaskQueue queue,
            TaskEngine engine,
            TaskStore store,
            TaskBatchStore batches,
            TaskListStore list,
            TransactionTemplate transactions,
            IdSource ids,
            TaskViews views) {
        var service = new TaskBatches(desk, queue, engine, store, batches, list, new Transactions(transactions), ids);
        return new TaskBatchController(service, views);
    }

    @Bean
    DeadLetterController deadLetterController(
            DeadLetterStore store,
            TaskHandlers handlers,
            TaskEngine engine,
            TaskListStore list,
            TaskJanitor janitor,
            TasksConfig config,
            TaskViews views,
            JsonMapper json) {
        var deadLetters = new DeadLetters(store, handlers, engine, list, config, json);
        return new DeadLetterController(deadLetters, list, janitor, views, json);
    }

    @Bean
    TaskTypeController taskTypeController(
            JdbcClient jdbc,
            TaskHandlers handlers,
            TaskEngine engine,
            TransactionTemplate transactions,
            TasksConfig config) {
        var store = new TaskTypeStore(jdbc);
        return new TaskTypeController(new TaskTypes(store, handlers, engine, new Transactions(transactions), config));
    }

    /// Starts before requests come in, and stops after the last of them is answered.
    @Bean
    SmartLifecycle taskWorker(
            TaskEngine engine,
            DurableTaskQueue queue,
            TaskJanitor janitor,
            TasksConfig config,
            ComponentRegistry components,
            TaskHandlers handlers,
            WakeUps wakeUps,
            StopCalls stopCalls,
            ObjectProvider<TaskHandler> added,
            ObjectProvider<RoleSettings> role) {
        boolean works = role.getIfAvailable(RoleSettings::all).role().works();
        var threads = new EngineThreads(engine, queue, janitor, config, components.register("tasks", Tier.CORE), works);
        return new Worker(
                threads,
                () -> {
                    added.orderedStream().forEach(handlers::add);
                    wakeUps.start(engine.listener());
                    stopCalls.start(engine::stopRunning);
                },
                wakeUps::stop);
    }

    private static final class Worker implements SmartLifecycle {

        /// Web servers start and stop at `DEFAULT_PHASE - 2048`.
        private static final int BELOW_WEB_SERVER = SmartLifecycle.DEFAULT_PHASE - 4096;

        private final EngineThreads threads;
        private final Runnable before;
        private final Runnable after;
        private volatile boolean running;

        /// @param before called before the threads start
        /// @param after  called when they have stopped
        Worker(EngineThreads threads, Runnable before, Runnable after) {
            this.threads = threads;
            this.before = before;
            this.after = after;
        }

        @Override
        public void start() {
            before.run();
            threads.start();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            threads.stop();
            after.run();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return BELOW_WEB_SERVER;
        }
    }
}
