package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.database.Transactions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The types of tasks that run here, with their limits; operators pause and resume them.
///
/// A paused type is accepted as ever, and what runs goes on, but nothing new of it starts: at once in this process,
/// within about a second in others. A pause stands until it is taken back, over any restart.
final class TaskTypes {

    static final int REASON_MAX = 500;

    private static final Logger log = LoggerFactory.getLogger(TaskTypes.class);

    private final TaskTypeStore store;
    private final TaskHandlers handlers;
    private final TaskEngine engine;
    private final Transactions transactions;
    private final TasksConfig config;

    TaskTypes(
            TaskTypeStore store,
            TaskHandlers handlers,
            TaskEngine engine,
            Transactions transactions,
            TasksConfig config) {
        this.store = requireNonNull(store, "store");
        this.handlers = requireNonNull(handlers, "handlers");
        this.engine = requireNonNull(engine, "engine");
        this.transactions = requireNonNull(transactions, "transactions");
        this.config = requireNonNull(config, "config");
    }

    /// All, in the order of their names.
    List<TaskTypeView> all() {
        Map<String, TaskTypeStore.Pause> pauses = store.pauses();
        Map<String, TaskTypeStore.Counts> counts = store.counts();
        return handlers.all().stream()
                .map(h -> view(h, pauses, counts.getOrDefault(h.type(), TaskTypeStore.Counts.NONE)))
                .toList();
    }

    private TaskTypeView view(
            TaskHandler handler, Map<String, TaskTypeStore.Pause> pauses, TaskTypeStore.Counts counts) {
        var retry = handler.retry()
                .orElseGet(() -> new RetryPolicy(
                        TaskDesk.MAX_RETRIES_DEFAULT,
                        config.retry().base(),
                        config.retry().max()));
        var pause = Optional.ofNullable(pauses.get(handler.type()))
                .or(() -> Optional.ofNullable(pauses.get(TaskStore.EVERY_TYPE)));
        return TaskTypeView.of(handler, retry, counts, pause);
    }

    /// @param type one of [#all], or [TaskStore#EVERY_TYPE]
    void pause(Principal caller, String type, String reason) {
        check(type, reason);
        boolean changed = transactions.inOne(() -> store.pause(type, caller.user(), reason));
        tell(changed, caller, type, "task type paused");
    }

    void resume(Principal caller, String type, String reason) {
        check(type, reason);
        boolean changed = transactions.inOne(() -> store.resume(type, caller.user(), reason));
        tell(changed, caller, type, "task type resumed");
    }

    private void tell(boolean changed, Principal caller, String type, String event) {
        engine.readPaused();
        if (changed) {
            log.atInfo()
                    .addKeyValue("type", type)
                    .addKeyValue("actor", caller.user())
                    .log(event);
        }
    }

    private void check(String type, String reason) {
        if (!type.equals(TaskStore.EVERY_TYPE) && handlers.find(type).isEmpty()) {
            throw StewardException.notFound("task type");
        }
        if (reason.length() > REASON_MAX || reason.chars().anyMatch(Character::isISOControl)) {
            throw StewardException.invalid(List.of(
                    new FieldFault("reason", "length", Saying.AT_MOST_CHARACTERS_ON_ONE_LINE.said(REASON_MAX))));
        }
    }

    List<TaskTypeStore.Change> changes() {
        return store.changes();
    }
}
