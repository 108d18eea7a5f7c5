package dev.steward.assistant.dialogue;

import dev.steward.base.UserId;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.ConversationRooms;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.Turns;
import dev.steward.database.Database;
import dev.steward.database.DatabaseConfig;
import dev.steward.models.ModelGateway;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Task;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import dev.steward.tasks.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Measures, on a real PostgreSQL with fsync on, how long an idle server takes from the commit of a message until its
/// answer is begun. Prints a line for each stretch of the way; checks nothing. The model answers at once.
///
/// Run: this class's `main` on the test class path. Results: docs/internals/performance.md.
final class TurnPickUpBenchmark {

    private static final int WARM_UP = Integer.getInteger("warmup", 500);
    private static final int TURNS = Integer.getInteger("turns", 2_000);

    private volatile long committed;
    private volatile long running;
    private volatile long started;
    private volatile long asked;

    private final ConversationRooms rooms;
    private final TestWorker worker;
    private final TurnService service;

    private TurnPickUpBenchmark(Database database) {
        var jdbc = JdbcClient.create(database.connections());
        var transactions = new TransactionTemplate(new JdbcTransactionManager(database.connections()));
        rooms = new ConversationRooms(jdbc, transactions, InstantSource.system());
        worker = TestWorker.prepared(jdbc, database.singles(), transactions);
        var model = new ScriptedGateway(_ -> ScriptedGateway.says("Once ", "upon a time."));
        var dialogue = new DialogueRooms(
                rooms,
                watched(Turns.class, rooms.turns, "start", () -> started = System.nanoTime()),
                watched(ModelGateway.class, model, "chat", this::noteAsked),
                new TimedQueue(),
                InstantSource.system());
        worker.handle(new TimedHandler(dialogue.handler))
                .handle(dialogue.titles)
                .handle(dialogue.summaries);
        service = dialogue.service;
    }

    /// @param args a directory for the database, which is made; default: one in `target`
    public static void main(String[] args) throws Exception {
        var home = new Home(Path.of(args.length > 0 ? args[0] : "target/benchmark-turns"));
        var component = new ComponentRegistry(InstantSource.system()).register("database", Tier.CORE);
        try (Database database = new Database(DatabaseConfig.embedded(), home, component, new SimpleMeterRegistry())) {
            database.await();
            var benchmark = new TurnPickUpBenchmark(database);
            benchmark.worker.start();
            try {
                benchmark.measure(WARM_UP);
                benchmark.measure(TURNS).forEach(System.out::println);
            } finally {
                benchmark.worker.close();
                benchmark.rooms.close();
            }
        }
    }

    private List<String> measure(int turns) throws InterruptedException {
        var accept = new long[turns];
        var pickUp = new long[turns];
        var begin = new long[turns];
        var ask = new long[turns];
        for (int i = 0; i < turns; i++) {
            ConversationId conversation = rooms.conversation();
            asked = 0;
            long call = System.nanoTime();
            var id = new TurnId(rooms.ids.next());
            service.ask(rooms.owner, conversation, id, question());
            while (!rooms.turns.find(rooms.owner, id).status().ended()) {
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            }
            accept[i] = committed - call;
            pickUp[i] = running - committed;
            begin[i] = started - committed;
            ask[i] = asked - committed;
            // The queue is to be idle, titles and such included.
            Thread.sleep(20);
        }
        return List.of(
                "call -> committed:            " + quantiles(accept),
                "committed -> worker runs:     " + quantiles(pickUp),
                "committed -> turn started:    " + quantiles(begin),
                "committed -> model is asked:  " + quantiles(ask));
    }

    private static TurnService.Question question() {
        return new TurnService.Question(
                "Tell me a story", Optional.of("alpha"), Optional.empty(), new NewTurn.Place.Newest(), "request-1");
    }

    private static String quantiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 9 / 10] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    /// Notes when the attempt begins.
    private final class TimedHandler implements TaskHandler {

        private final TaskHandler turns;

        TimedHandler(TaskHandler turns) {
            this.turns = turns;
        }

        @Override
        public String type() {
            return turns.type();
        }

        @Override
        public Duration timeout() {
            return turns.timeout();
        }

        @Override
        public int concurrencyMax() {
            return turns.concurrencyMax();
        }

        @Override
        public String run(TaskAttempt attempt) throws Exception {
            running = System.nanoTime();
            return turns.run(attempt);
        }
    }

    /// Does what `target` does; `after` is run after each return from one of its methods.
    private static <T> T watched(Class<T> type, T target, String method, Runnable after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, called, arguments) -> {
                    try {
                        Object result = called.invoke(target, arguments);
                        if (called.getName().equals(method)) {
                            after.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void noteAsked() {
        if (asked == 0) {
            asked = System.nanoTime();
        }
    }

    /// Notes when a turn's task is committed, before the worker hears of it.
    private final class TimedQueue implements TaskQueue {

        @Override
        public void accept(NewTask task) {
            if (task.type().equals(TurnTaskHandler.TYPE)) {
                rooms.transactions.afterCommit(() -> committed = System.nanoTime());
            }
            worker.queue().accept(task);
        }

        @Override
        public boolean cancel(UserId owner, TaskId task) {
            return worker.queue().cancel(owner, task);
        }

        @Override
        public void hurry(Collection<TaskId> tasks) {
            worker.queue().hurry(tasks);
        }

        @Override
        public Optional<TaskStatus> status(UserId owner, TaskId task) {
            return worker.queue().status(owner, task);
        }

        @Override
        public Optional<Task> find(UserId owner, TaskId task) {
            return worker.queue().find(owner, task);
        }
    }
}
