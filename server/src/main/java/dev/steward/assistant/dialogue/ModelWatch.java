package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnStatus;
import dev.steward.conversations.Turns;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that a model has become available, and hurries what waits for one (CHAT-14). Looks at what the gateway
/// knows, never at a backend. Safe for use by many threads.
final class ModelWatch implements AutoCloseable {

    /// How soon after a model's return the waiting goes on.
    static final Duration LOOK = Duration.ofMillis(250);

    /// Waiting work that is hurried at once; the rest comes by its own, slower, looks.
    private static final int HURRIED_MAX = 1_000;

    private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);

    private final ModelGateway gateway;
    private final Turns turns;
    private final TaskQueue tasks;
    private final Set<TaskId> prompts = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;
    private volatile Set<ModelRef> before = Set.of();

    ModelWatch(ModelGateway gateway, Turns turns, TaskQueue tasks) {
        this.gateway = requireNonNull(gateway, "gateway");
        this.turns = requireNonNull(turns, "turns");
        this.tasks = requireNonNull(tasks, "tasks");
        this.thread = Thread.ofVirtual().name("model-watch").unstarted(this::watch);
    }

    ModelWatch start() {
        thread.start();
        return this;
    }

    /// A task of this process that is no turn waits for a model too.
    void waiting(TaskId task) {
        if (prompts.size() < HURRIED_MAX) {
            prompts.add(task);
        }
    }

    /// Looks once; hurries when there is a model that was not there before.
    void look() {
        Set<ModelRef> now = new HashSet<>(gateway.defaultChain());
        gateway.served().stream().map(ServedModel::ref).forEach(now::add);
        if (!before.containsAll(now)) {
            int hurried = hurry();
            log.atInfo()
                    .addKeyValue("models", now.size())
                    .addKeyValue("hurried", hurried)
                    .log("a model has become available");
        }
        before = now;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private int hurry() {
        List<TaskId> waiting = new ArrayList<>();
        for (Turn turn : turns.unfinished(Duration.ZERO, HURRIED_MAX)) {
            if (turn.status() == TurnStatus.PENDING) {
                waiting.add(new TaskId(turn.task()));
            }
        }
        List<TaskId> others = List.copyOf(prompts);
        waiting.addAll(others.subList(0, Math.min(others.size(), HURRIED_MAX - waiting.size())));
        if (!waiting.isEmpty()) {
            tasks.hurry(waiting);
        }
        others.forEach(prompts::remove);
        return waiting.size();
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(LOOK);
                look();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // The database may be away for a moment; what waits has its own, slower, looks.
                log.atWarn().setCause(e).log("what waits for a model can't be hurried now");
            }
        }
    }
}
