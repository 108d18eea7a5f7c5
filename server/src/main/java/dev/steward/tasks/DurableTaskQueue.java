package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.DatabaseErrors;
import dev.steward.telemetry.TraceContext;
import dev.steward.telemetry.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// [TaskQueue] over the table. Callers inside a transaction insert in it; the others share multi-row
/// inserts, and each returns when the one with its task has committed.
final class DurableTaskQueue implements TaskQueue {

    /// When callers should come again who met a full queue: long enough for a second's worth of work to be
    /// done.
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(5);

    static final int HURRY_MAX = 1000;

    private final TaskStore store;
    private final TaskEngine engine;
    private final TasksConfig config;
    private final InstantSource clock;
    private final Tracing tracing;
    private final TaskListStore list;
    private final Inbox<Waiting> inbox = new Inbox<>();

    /// Waiting tasks as last counted, plus those accepted since: the limit is kept without counting for every
    /// task.
    private final AtomicLong waiting = new AtomicLong();

    private volatile boolean closed;

    DurableTaskQueue(
            TaskStore store,
            TaskEngine engine,
            TaskListStore list,
            TasksConfig config,
            InstantSource clock,
            Tracing tracing) {
        this.store = requireNonNull(store, "store");
        this.engine = requireNonNull(engine, "engine");
        this.list = requireNonNull(list, "list");
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
        this.tracing = requireNonNull(tracing, "tracing");
    }

    /// What became of a task that was handed in.
    private enum Accepted {
        /// It was there already.
        REPEATED,
        WAITS,
        STARTED
    }

    private record Waiting(Acceptance task, Duration delay, CompletableFuture<Accepted> accepted) {}

    @Override
    public void accept(NewTask task) {
        accept(Acceptance.of(task));
    }

    /// @return whether it was new
    boolean accept(Acceptance untraced) {
        checkRoom(1);
        NewTask task = untraced.task();
        check(task);
        Duration delay = delay(task);
        Acceptance acceptance = engine.ranked(untraced.within(tracing.current()), !delay.isPositive());
        Accepted accepted;
        if (store.inTransaction()) {
            accepted = store.accept(List.of(acceptance)) > 0 ? Accepted.WAITS : Accepted.REPEATED;
            store.afterCommit(() -> engine.accepted(task, delay));
        } else {
            accepted = acceptShared(acceptance, delay);
        }
        if (accepted == Accepted.WAITS) {
            waiting.incrementAndGet();
        }
        return accepted != Accepted.REPEATED;
    }

    /// Accepts many in the caller's transaction, after [#faults] found none.
    ///
    /// @return how many were new
    int acceptAll(List<Acceptance> untraced) {
        checkRoom(untraced.size());
        Optional<TraceContext> trace = tracing.current();
        List<Acceptance> all = untraced.stream()
                .map(a -> engine.ranked(a.within(trace), !delay(a.task()).isPositive()))
                .toList();
        int accepted = 0;
        for (int from = 0; from < all.size(); from += TaskEngine.BATCH_MAX) {
            accepted += store.accept(all.subList(from, Math.min(all.size(), from + TaskEngine.BATCH_MAX)));
        }
        int counted = accepted;
        store.afterCommit(() -> {
            waiting.addAndGet(counted);
            all.stream().map(a -> a.task().type()).distinct().forEach(engine::released);
        });
        return accepted;
    }

    /// What a task would be refused for, whoever hands it in.
    List<FieldFault> faults(NewTask task) {
        return engine.faults(task);
    }

    private void checkRoom(int tasks) {
        if (waiting.get() + tasks > config.queueMax()) {
            throw StewardException.busy(
                    ErrorCode.SERVICE_UNAVAILABLE, Saying.QUEUE_FULL.said(config.queueMax()), FULL_RETRY_AFTER);
        }
    }

    private void check(NewTask task) {
        List<FieldFault> faults = engine.faults(task);
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        if (task.deadline().isPresent() && !task.deadline().get().isAfter(clock.instant())) {
            throw StewardException.invalid(List.of(new FieldFault("deadline", "past", "must be in the future")));
        }
    }

    private Duration delay(NewTask task) {
        Instant now = clock.instant();
        return task.runAt().map(at -> Duration.between(now, at)).orElse(Duration.ZERO);
    }

    private Accepted acceptShared(Acceptance acceptance, Duration delay) {
        var one = new Waiting(acceptance, delay, new CompletableFuture<>());
        inbox.add(one);
        if (closed) {
            refuseRest();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return one.accepted().get();
                } catch (InterruptedException e) {
                    interrupted = true; // The row may be on its way already: only the answer tells.
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Writes what callers have handed in, waiting for it up to `wait`. Never throws for the callers'
    /// tasks: they hear.
    void writeOnce(Duration wait) throws InterruptedException {
        engine.awaitCaughtUp();
        List<Waiting> batch = inbox.take(TaskEngine.BATCH_MAX, wait);
        if (!batch.isEmpty()) {
            write(batch);
        }
    }

    private void write(List<Waiting> batch) {
        try {
            List<Waiting> rest = writeStarting(batch);
            if (!rest.isEmpty()) {
                writeWaiting(rest);
            }
        } catch (RuntimeException e) {
            // Those that were written know it already.
            RuntimeException told = DatabaseErrors.unavailable(e)
                    .map(RuntimeException.class::cast)
                    .orElse(e);
            batch.forEach(w -> w.accepted().completeExceptionally(told));
        }
    }

    /// Writes those that start at once.
    ///
    /// @return the others
    private List<Waiting> writeStarting(List<Waiting> batch) {
        List<Waiting> starting = engine.startable(batch, Waiting::task);
        if (starting.isEmpty() || !begun(starting)) {
            return batch;
        }
        starting.forEach(w -> w.accepted().complete(Accepted.STARTED));
        return batch.stream().filter(w -> !w.accepted().isDone()).toList();
    }

    /// Whether these were accepted and started. If not, they are to be written as the others are: then it shows
    /// which was there already, or can't be stored.
    private boolean begun(List<Waiting> starting) {
        try {
            return engine.begin(starting.stream().map(Waiting::task).toList());
        } catch (RuntimeException e) {
            if (DatabaseErrors.unavailable(e).isPresent()) {
                throw e;
            }
            return false;
        }
    }

    private void writeWaiting(List<Waiting> batch) {
        int accepted;
        try {
            accepted = store.accept(batch.stream().map(Waiting::task).toList());
        } catch (RuntimeException e) {
            if (batch.size() == 1 || DatabaseErrors.unavailable(e).isPresent()) {
                throw e;
            }
            batch.forEach(w -> write(List.of(w))); // One bad row must not refuse the others.
            return;
        }
        batch.forEach(w -> engine.accepted(w.task().task(), w.delay()));
        if (batch.size() == 1) {
            batch.getFirst().accepted().complete(accepted > 0 ? Accepted.WAITS : Accepted.REPEATED);
        } else {
            batch.forEach(w -> w.accepted().complete(Accepted.WAITS));
        }
    }

    @Override
    public boolean cancel(UserId owner, TaskId task) {
        return engine.cancel(owner, task);
    }

    @Override
    public void hurry(Collection<TaskId> tasks) {
        if (tasks.size() > HURRY_MAX) {
            throw new IllegalArgumentException("at most " + HURRY_MAX + " tasks, were " + tasks.size());
        }
        if (!tasks.isEmpty()) {
            store.hurry(tasks);
            store.afterCommit(() -> engine.released(TaskStore.EVERY_TYPE));
        }
    }

    @Override
    public Optional<TaskStatus> status(UserId owner, TaskId task) {
        return list.find(owner, task).map(Task::status);
    }

    @Override
    public Optional<Task> find(UserId owner, TaskId task) {
        return list.find(owner, task);
    }

    /// The table was counted.
    void counted(long waitingNow) {
        waiting.set(waitingNow);
    }

    /// As [TaskEngine#dismiss].
    void dismiss(Supplier<DeadLetterStore.Dismissed> dismissal) {
        engine.dismiss(dismissal);
    }

    void countBacklogs() {
        engine.countBacklogs();
    }

    void wake() {
        inbox.wake();
    }

    /// Refuses what nobody will write any more, and everything from here on.
    void close() {
        closed = true;
        refuseRest();
    }

    private void refuseRest() {
        try {
            for (List<Waiting> rest = inbox.take(TaskEngine.BATCH_MAX, Duration.ZERO);
                    !rest.isEmpty();
                    rest = inbox.take(TaskEngine.BATCH_MAX, Duration.ZERO)) {
                rest.forEach(w -> w.accepted()
                        .completeExceptionally(StewardException.busy(
                                ErrorCode.SERVICE_UNAVAILABLE, Saying.STOPPING.said(), FULL_RETRY_AFTER)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
