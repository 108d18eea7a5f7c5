package dev.steward.tasks;

import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.tasks.IfFailed.Verdict;
import dev.steward.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/// One run of the queue's logic under a seeded clock, a seeded scheduler and a faulty store: the engine itself on
/// two nodes, with handlers that fail, kill their node or must not be repeated. At each step a node may die, a
/// statement may fail before or after it took effect, time may jump, and results of the dead may come in late. In
/// the end everything heals, and what must hold is checked.
///
/// One thread, no real time: the same seed gives the same run.
final class TaskQueueSimulation {

    private static final int STEPS = 160;
    private static final int NODES = 2;
    private static final int HEALING_ROUNDS = 300;
    private static final double FAULTS = 0.06;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int FEW = 2;
    private static final int MAX_RETRIES = 3;
    private static final List<String> TYPES = List.of("ok", "flaky", "poison", "once", "few", "keyed", "postponed");

    private static final TasksConfig CONFIG = TestWorker.config(LEASE, 8, 1_000_000);

    /// Counting costs more than the run itself, so all share one.
    private static final TaskMetrics METRICS = new TaskMetrics(new SimpleMeterRegistry());

    private final Random random;
    private final InMemoryTaskStore table;
    private final TaskStore store;
    private final Node[] nodes = new Node[NODES];
    private final List<Runnable> zombies = new ArrayList<>();
    private final List<Asked> unsure = new ArrayList<>();
    private final Map<TaskId, String> acknowledged = new HashMap<>();
    private final Map<TaskId, Integer> effects = new HashMap<>();
    private final Map<TaskId, Integer> runs = new HashMap<>();
    private final Map<TaskId, Integer> failures = new HashMap<>();
    private final Map<TaskId, Integer> attemptsWhenCancelled = new HashMap<>();
    private final TransactionOperations transactions = this::inTransaction;
    private final TaskGraph graph;
    private int transactionDepth;
    private double faults = FAULTS;
    private long nowMillis = 1_000_000;

    TaskQueueSimulation(long seed, Function<LongSupplier, InMemoryTaskStore> tables) {
        random = new Random(seed);
        table = tables.apply(() -> nowMillis);
        store = (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (_, method, arguments) -> ask(method, arguments));
        graph = new TaskGraph(store, new Transactions(transactions), a -> store.accept(List.of(a)) > 0);
    }

    /// A task that somebody wants accepted.
    private record Asked(Acceptance task, List<TaskId> after, IfFailed ifFailed) {}

    /// What must hold and does not.
    static final class Broken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what);
        }
    }

    private final class Node {
        final String home;
        final TaskEngine engine;
        final List<Runnable> attempts = new ArrayList<>();
        boolean joined;

        Node(String home) {
            this.home = home;
            var handlers = new TaskHandlers();
            TYPES.forEach(type -> handlers.add(handler(type, this)));
            engine = new TaskEngine(
                    new UUID(random.nextLong(), random.nextLong()),
                    home,
                    handlers,
                    store,
                    new Transactions(transactions),
                    CONFIG,
                    new FailurePolicy(CONFIG, random),
                    METRICS,
                    Tracing.quiet(),
                    WakeUps.NONE,
                    _ -> {},
                    () -> nowMillis * 1_000_000,
                    attempts::add);
        }
    }

    /// @throws Broken when something that must hold does not
    void run() {
        for (int node = 0; node < NODES; node++) {
            nodes[node] = new Node("home-" + node);
        }
        for (int step = 0; step < STEPS; step++) {
            step();
            check();
        }
        heal();
        checkEnd();
    }

    private void step() {
        Node node = nodes[random.nextInt(NODES)];
        int dice = random.nextInt(100);
        try {
            if (dice < 14) {
                accept(node);
            } else if (dice < 24) {
                nowMillis += random.nextInt(8) == 0 ? random.nextInt(6000) : random.nextInt(60);
            } else if (dice < 27) {
                kill(node);
            } else if (dice < 30) {
                cancel(node);
            } else if (dice < 31) {
                zombie();
            } else if (!node.joined) {
                node.engine.join();
                node.joined = true;
            } else {
                work(node, dice);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (Fault _) {
            // As the engine's threads do: the step will be repeated.
        }
    }

    private void work(Node node, int dice) throws InterruptedException {
        if (dice < 36) {
            handOut(node);
        } else if (dice < 45) {
            node.engine.claimOnce();
        } else if (dice < 52) {
            node.engine.claimLimitedOnce();
        } else if (dice < 70) {
            attempt(node);
        } else if (dice < 84) {
            node.engine.settleOnce(Duration.ZERO);
        } else if (dice < 90) {
            node.engine.beatOnce();
        } else if (dice < 92) {
            node.engine.watchOnce();
        } else if (dice < 97) {
            reap(node);
        } else if (dice < 98) {
            node.engine.ageOnce();
        } else if (dice < 99) {
            node.engine.progressOnce();
        } else {
            pauseOrResume(node);
        }
    }

    /// Some ids are handed to this node alone, as Redis would: those of tasks in any state.
    private void handOut(Node node) throws InterruptedException {
        List<ReadyTask> tasks = new ArrayList<>();
        List<InMemoryTaskStore.Row> rows = List.copyOf(table.rows.values());
        for (int i = 0; i < random.nextInt(4) && !rows.isEmpty(); i++) {
            InMemoryTaskStore.Row row = rows.get(rows.size() - 1 - random.nextInt(Math.min(rows.size(), 8)));
            tasks.add(new ReadyTask(row.owner, row.id, row.type, Priority.MEDIUM));
        }
        node.engine.listener().handed(tasks);
        node.engine.claimHandedOnce(Duration.ZERO);
    }

    private void pauseOrResume(Node node) {
        if (!table.pausedTypes.remove("ok")) {
            table.pausedTypes.add("ok");
        }
        node.engine.readPaused();
    }

    private void accept(Node node) {
        if (!unsure.isEmpty() && random.nextBoolean()) {
            handIn(node, unsure.getFirst());
            unsure.removeFirst();
            return;
        }
        String type = TYPES.get(random.nextInt(TYPES.size()));
        var task = new NewTask(
                new TaskId(new UUID(random.nextLong(), random.nextLong())),
                new UserId(new UUID(0, random.nextInt(3))),
                type,
                Priority.of(random.nextInt(4)),
                "",
                "{}",
                random.nextInt(10) == 0
                        ? Optional.of(Instant.ofEpochMilli(nowMillis + random.nextInt(3000)))
                        : Optional.empty(),
                random.nextInt(15) == 0
                        ? Optional.of(Instant.ofEpochMilli(nowMillis + random.nextInt(9000)))
                        : Optional.empty(),
                MAX_RETRIES,
                Optional.empty());
        Acceptance acceptance =
                node.engine.ranked(Acceptance.of(task), task.runAt().isEmpty());
        List<TaskId> others = table.where(r -> r.owner.equals(task.owner())).stream()
                .map(r -> r.id)
                .toList();
        List<TaskId> after = new ArrayList<>();
        for (int i = random.nextInt(8) - 4; i >= 0 && !others.isEmpty(); i--) {
            after.add(others.get(random.nextInt(others.size())));
        }
        var asked = new Asked(acceptance, after, IfFailed.of(random.nextInt(IfFailed.values().length)));
        unsure.add(asked);
        handIn(node, asked);
        unsure.remove(asked);
    }

    /// As the queue does: what may start at once does so, the rest waits.
    private void handIn(Node node, Asked asked) {
        List<Acceptance> starting =
                asked.after().isEmpty() ? node.engine.startable(List.of(asked.task()), Function.identity()) : List.of();
        if (!starting.isEmpty() && node.engine.begin(starting)) {
            acknowledged.put(asked.task().task().id(), asked.task().task().type());
        } else {
            acknowledge(asked);
            node.engine.hint(asked.task().task().type(), Duration.ZERO);
        }
    }

    private void acknowledge(Asked asked) {
        NewTask task = asked.task().task();
        if (asked.after().isEmpty()) {
            store.accept(List.of(asked.task()));
        } else if (!table.rows.containsKey(task.id())) {
            try {
                graph.accept(asked.task(), asked.after(), asked.ifFailed());
            } catch (StewardException refused) {
                return; // What it was to follow will never be completed.
            }
        }
        acknowledged.put(task.id(), task.type());
    }

    private void cancel(Node node) {
        List<InMemoryTaskStore.Row> live = table.where(InMemoryTaskStore.Row::live);
        if (!live.isEmpty()) {
            InMemoryTaskStore.Row row = live.get(random.nextInt(live.size()));
            try {
                node.engine.cancel(row.owner, row.id);
            } finally {
                if (row.cancelRequested) {
                    attemptsWhenCancelled.putIfAbsent(row.id, row.attempts);
                }
            }
        }
    }

    /// The process is gone: what it was running goes on as a zombie, or not at all.
    private void kill(Node node) {
        for (int i = 0; i < NODES; i++) {
            if (nodes[i] == node) {
                zombies.addAll(node.attempts);
                nodes[i] = new Node(node.home);
            }
        }
    }

    private void attempt(Node node) {
        if (!node.attempts.isEmpty()) {
            start(node.attempts.remove(random.nextInt(node.attempts.size())));
        }
    }

    /// An attempt of a dead process does its work after all.
    private void zombie() {
        if (!zombies.isEmpty()) {
            start(zombies.remove(random.nextInt(zombies.size())));
        }
    }

    private static void start(Runnable attempt) {
        attempt.run();
        Thread.interrupted(); // An attempt that was stopped interrupts its thread, which here is everybody's.
    }

    private void reap(Node node) {
        List<Lease> held = table.where(r -> r.status == TaskStatus.RUNNING && r.leaseUntil >= nowMillis).stream()
                .map(r -> new Lease(r.owner, r.id, r.attempts))
                .toList();
        try {
            node.engine.reapOnce();
        } finally {
            held.forEach(lease -> must(table.holds(lease), "a lease that holds was taken away: " + lease));
        }
    }

    private TaskHandler handler(String type, Node node) {
        var handler = new TestHandler(type, a -> {
            runs.merge(a.task(), 1, Integer::sum);
            return switch (type) {
                case "flaky" -> {
                    if (a.number() <= Math.floorMod(a.task().value().hashCode(), 3 + MAX_RETRIES)) {
                        failures.merge(a.task(), 1, Integer::sum);
                        throw new IllegalStateException("flaky");
                    }
                    yield effect(a);
                }
                case "poison" -> {
                    kill(node);
                    throw new IllegalStateException("killed");
                }
                case "postponed" -> {
                    if (a.number() == 1) {
                        throw new TaskPostponedException(Duration.ofMillis(500), "not yet");
                    }
                    yield effect(a);
                }
                default -> effect(a);
            };
        });
        return switch (type) {
            case "once" -> handler.once();
            case "few" -> handler.limited(TaskLimits.none().everywhere(FEW));
            case "keyed" -> handler.limited(TaskLimits.none().perKey(1));
            default -> handler;
        };
    }

    /// What every handler with an effect does: only as the newest attempt, and only if there is no effect yet.
    private String effect(TaskAttempt attempt) {
        InMemoryTaskStore.Row row = table.rows.get(attempt.task());
        if (row != null && row.attempts == attempt.fence() && !effects.containsKey(attempt.task())) {
            effects.put(attempt.task(), 1);
        }
        return "null";
    }

    private void check() {
        must(table.runningOf("few").size() <= FEW, "more ran at once than the limit of their type");
        table.runningOf("keyed").stream()
                .collect(java.util.stream.Collectors.groupingBy(r -> r.owner, java.util.stream.Collectors.counting()))
                .forEach((_, count) -> must(count <= 1, "more ran at once than the limit of their key"));
        runs.forEach((task, count) ->
                must(count <= 1 || !"once".equals(table.row(task).type), "what must not be repeated ran twice"));
        attemptsWhenCancelled.forEach(
                (task, attempts) -> must(table.row(task).attempts == attempts, "a cancelled task was begun again"));
        table.edges.forEach(this::checkEdge);
        table.where(r -> r.held)
                .forEach(row -> must(
                        table.edges.stream()
                                .anyMatch(e -> e.follower.equals(row.id)
                                        && e.ifFailed.verdict(table.row(e.predecessor).status) == Verdict.WAITS),
                        "a task waits, though nothing is left that it could wait for"));
    }

    private void checkEdge(InMemoryTaskStore.Edge edge) {
        Verdict verdict = edge.ifFailed.verdict(table.row(edge.predecessor).status);
        InMemoryTaskStore.Row follower = table.row(edge.follower);
        must(
                follower.attempts == 0 || verdict == Verdict.SATISFIED,
                "a task was begun before one that it follows ended");
        must(!follower.held || verdict != Verdict.CANCELLED, "a task waits for one that will not be completed");
    }

    private void heal() {
        faults = 0;
        table.pausedTypes.clear();
        unsure.forEach(this::acknowledge);
        for (int round = 0; round < HEALING_ROUNDS; round++) {
            nowMillis += 100;
            for (int i = 0; i < NODES; i++) {
                round(i);
                check();
            }
            if (table.where(r -> r.live() && !r.held).isEmpty() && idle()) {
                return;
            }
        }
    }

    private boolean idle() {
        for (Node node : nodes) {
            if (node.engine.runningCount() > 0) {
                return false;
            }
        }
        return true;
    }

    private void round(int i) {
        Node node = nodes[i];
        try {
            if (!node.joined) {
                node.engine.join();
                node.joined = true;
            }
            node.engine.readPaused();
            node.engine.claimOnce();
            node.engine.claimLimitedOnce();
            while (nodes[i] == node && !node.attempts.isEmpty()) {
                start(node.attempts.removeFirst());
            }
            if (nodes[i] != node) {
                return; // Killed by a task.
            }
            while (node.engine.settleOnce(Duration.ZERO)) {
                // All of them.
            }
            node.engine.watchOnce();
            node.engine.beatOnce();
            reap(node);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void checkEnd() {
        must(idle(), "a node takes something for running that is over");
        acknowledged.forEach((task, type) -> {
            must(table.rows.containsKey(task), "an acknowledged task is gone");
            InMemoryTaskStore.Row row = table.row(task);
            must(!row.live() || row.held, "a task never ended: " + type + " " + row.status);
            must(!row.held || waitsForTheDead(row), "a task waits for ever");
            must(
                    row.status != TaskStatus.COMPLETED || effects.containsKey(task),
                    "completed without its effect: " + type);
            must(row.status != TaskStatus.CANCELLED || row.cancelRequested, "cancelled, though nobody asked for it");
            must(
                    row.cause != Cause.RETRIES_EXHAUSTED || failures.getOrDefault(task, 0) > MAX_RETRIES,
                    "given up before its retries were used");
            must(row.cause != Cause.DEADLINE || row.deadline <= nowMillis, "given up before its deadline");
            must(row.cause != Cause.POISON || row.attempts >= CONFIG.crashRecoveriesMax(), "no poison: " + type);
            must(
                    !type.equals("poison") || row.status != TaskStatus.COMPLETED,
                    "completed, though it kills its worker each time");
        });
    }

    /// What waits in the end waits for a dead letter, which a person may mend.
    private boolean waitsForTheDead(InMemoryTaskStore.Row row) {
        return table.edges.stream()
                .filter(e -> e.open && e.follower.equals(row.id))
                .map(e -> table.row(e.predecessor))
                .anyMatch(p -> p.status == TaskStatus.DEAD_LETTER || (p.held && waitsForTheDead(p)));
    }

    /// All or nothing, and now and then nobody hears that it was all.
    private <T extends @Nullable Object> T inTransaction(TransactionCallback<T> work) {
        if (transactionDepth > 0) {
            return work.doInTransaction(new SimpleTransactionStatus());
        }
        Runnable rollBack = table.savepoint();
        transactionDepth++;
        T answer;
        try {
            answer = work.doInTransaction(new SimpleTransactionStatus());
        } catch (RuntimeException e) {
            rollBack.run();
            throw e;
        } finally {
            transactionDepth--;
        }
        if (random.nextDouble() < faults / 2) {
            throw new Fault("after the commit");
        }
        return answer;
    }

    private static void must(boolean holds, String otherwise) {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }

    private Object ask(Method method, Object[] arguments) throws Throwable {
        boolean statement =
                !method.getName().equals("inTransaction") && !method.getName().equals("afterCommit");
        if (statement && random.nextDouble() < faults / 2) {
            throw new Fault("before");
        }
        Object answer;
        try {
            answer = method.invoke(table, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (statement && random.nextDouble() < faults / 2) {
            throw new Fault("after");
        }
        return answer;
    }

    /// The database went away; whether the statement took effect is not known.
    private static final class Fault extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Fault(String when) {
            super(when, new SQLException("terminating connection", "57P01"), false, false);
        }
    }
}
