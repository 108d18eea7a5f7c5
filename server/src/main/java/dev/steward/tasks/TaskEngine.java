package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.BackgroundWork;
import dev.steward.database.DatabaseErrors;
import dev.steward.database.Transactions;
import dev.steward.tasks.RunningAttempt.Stop;
import dev.steward.telemetry.Correlation;
import dev.steward.telemetry.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs tasks: claims them, gives each attempt a virtual thread, keeps its lease, and writes how it ended.
///
/// Its steps (`claimOnce`, `settleOnce`, `beatOnce`, `watchOnce`, `reapOnce`) each do one round and return;
/// [EngineThreads] repeats them. A step that throws may be repeated; nothing is lost by it. Safe for use by
/// many threads, but for one step by several at once.
final class TaskEngine {

    /// Rows of one statement: large enough to make the commit cheap, small enough to take milliseconds.
    static final int BATCH_MAX = 1000;

    /// How long a handler may go on after its interrupt before its attempt is ended without it. Its thread
    /// keeps its slot until it really ends, so threads that ignore interrupts can't pile up.
    static final Duration INTERRUPT_GRACE = Duration.ofSeconds(5);

    /// Endings that may wait to be written: from there on nothing more is started, for starting and accepting must
    /// not outrun what ends (leases of what has long been done would have to be prolonged). Enough that their
    /// writer never waits for work.
    static final int UNWRITTEN_MAX = 4 * BATCH_MAX;

    /// Longest that accepting waits for the claimer and for endings to be written.
    private static final Duration CATCH_UP_MAX = Duration.ofMillis(500);

    /// Who may be bringing tasks that nobody knows of yet: the claimer under limits, and who writes what is accepted.
    private static final int ON_THEIR_WAY_MAX = 2;

    /// How long stopping waits for each kind of them: a statement takes milliseconds, or the database is away.
    private static final Duration ON_THEIR_WAY_WAIT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(TaskEngine.class);

    private final UUID worker;
    private final String home;
    private final TaskStore store;
    private final Transactions transactions;
    private final TasksConfig config;
    private final FailurePolicy policy;
    private final TaskMetrics metrics;
    private final Tracing tracing;
    private final WakeUps wakeUps;
    private final Consumer<Lease> stopElsewhere;
    private final TaskHandlers handlers;
    private final LongSupplier nanoTime;
    private final Executor runner;
    private final Slots slots;
    private final Backlogs backlogs = new Backlogs();
    private final AgeingCredits ageing = new AgeingCredits();
    private final Bell claimBell = new Bell();
    private final DueTimes dueTimes = new DueTimes();
    private final Bell limitedBell = new Bell();
    private final DueTimes limitedDueTimes = new DueTimes();
    private final WaitingTypes waitingTypes = new WaitingTypes();

    /// One is held while a claim under limits, or tasks that start at once, are on their way; all while claims whose
    /// answer got lost are given back: what is being claimed must not look like what nobody knows of.
    private final Semaphore unknowns = new Semaphore(ON_THEIR_WAY_MAX, true);

    /// One claim without shared limits at a time: what one has found room for, another must not fill.
    private final Semaphore claims = new Semaphore(1);

    private final Inbox<ReadyTask> handed = new Inbox<>();
    private final AtomicInteger handedCount = new AtomicInteger();
    private final Inbox<Settled> settled = new Inbox<>();
    private final AtomicInteger unwritten = new AtomicInteger();
    private final Bell caughtUp = new Bell();
    private final Map<Lease, RunningAttempt> running = new ConcurrentHashMap<>();
    private volatile Set<String> paused = Set.of();
    private volatile boolean claiming = true;

    /// Whether this process runs tasks, and has taken over what a former one was running.
    private volatile boolean joined;

    /// Hints to the claimer so far, and those given before its last round that is over.
    private final AtomicLong hints = new AtomicLong();

    private volatile long claimedThrough;

    private volatile boolean claimUncertain;

    /// @param worker names this process's run, for ever
    /// @param home   names the installation; only one process at a time runs on it
    /// @param stopElsewhere asks whichever process runs an attempt to stop it
    TaskEngine(
            UUID worker,
            String home,
            TaskHandlers handlers,
            TaskStore store,
            Transactions transactions,
            TasksConfig config,
            FailurePolicy policy,
            TaskMetrics metrics,
            Tracing tracing,
            WakeUps wakeUps,
            Consumer<Lease> stopElsewhere) {
        this(
                worker,
                home,
                handlers,
                store,
                transactions,
                config,
                policy,
                metrics,
                tracing,
                wakeUps,
                stopElsewhere,
                System::nanoTime,
                attempt -> Thread.ofVirtual().start(attempt));
    }

    /// @param stopElsewhere asks whichever process runs an attempt to stop it
    /// @param nanoTime      as [System#nanoTime]
    /// @param runner        runs each attempt, on whichever thread
    TaskEngine(
            UUID worker,
            String home,
            TaskHandlers handlers,
            TaskStore store,
            Transactions transactions,
            TasksConfig config,
            FailurePolicy policy,
            TaskMetrics metrics,
            Tracing tracing,
            WakeUps wakeUps,
            Consumer<Lease> stopElsewhere,
            LongSupplier nanoTime,
            Executor runner) {
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.runner = requireNonNull(runner, "runner");
        this.worker = requireNonNull(worker, "worker");
        this.home = requireNonNull(home, "home");
        this.store = requireNonNull(store, "store");
        this.transactions = requireNonNull(transactions, "transactions");
        this.config = requireNonNull(config, "config");
        this.policy = requireNonNull(policy, "policy");
        this.metrics = requireNonNull(metrics, "metrics");
        this.tracing = requireNonNull(tracing, "tracing");
        this.wakeUps = requireNonNull(wakeUps, "wakeUps");
        this.stopElsewhere = requireNonNull(stopElsewhere, "stopElsewhere");
        this.handlers = requireNonNull(handlers, "handlers");
        this.slots = new Slots(handlers, config.workers());
    }

    private record Settled(RunningAttempt attempt, Ending ending) {}

    /// Makes this worker known and takes over what a former process on the same home was running.
    void join() {
        transactions.inOne(() -> {
            store.join(worker, home);
            return true;
        });
        readPaused();
        while (reapOnce() > 0) {
            log.atInfo().log("took over what a former process was running");
        }
        hint(Duration.ZERO);
        joined = true;
    }

    /// A task of some type has become ready, or will be after `delay`.
    void hint(Duration delay) {
        noteAll();
        hints.incrementAndGet();
        hint(delay, dueTimes, claimBell);
        hint(delay, limitedDueTimes, limitedBell);
    }

    private void noteAll() {
        handlers.all().forEach(h -> waitingTypes.note(h.type()));
    }

    /// A task of this type has become ready, or will be after `delay`.
    void hint(String type, Duration delay) {
        if (shared(type)) {
            hint(delay, limitedDueTimes, limitedBell);
        } else {
            if (!delay.isPositive()) {
                waitingTypes.note(type);
                hints.incrementAndGet();
            }
            hint(delay, dueTimes, claimBell);
        }
    }

    /// A task was committed: it is due, or will be after `delay`. Other processes hear of it when it is due; what
    /// becomes due later they find by themselves.
    void accepted(NewTask task, Duration delay) {
        boolean due = !delay.isPositive();
        ReadyTask ready = ReadyTask.of(task);
        // What processes have to agree about is claimed under a lock: knowing its id helps nobody.
        if (due && !shared(task.type()) && wakeUps.handOut(ready)) {
            return;
        }
        hint(task.type(), delay);
        if (due) {
            wakeUps.announce(ready);
        }
    }

    /// How word of ready tasks reaches this process.
    WakeUps.Listener listener() {
        return new WakeUps.Listener() {
            @Override
            public void ready(String type) {
                heard(type);
            }

            @Override
            public int room() {
                return joined && claiming ? slots.room() - handedCount.get() : 0;
            }

            @Override
            public void handed(List<ReadyTask> tasks) {
                handedCount.addAndGet(tasks.size());
                tasks.forEach(handed::add);
            }
        };
    }

    /// Tasks of this type, or of [TaskStore#EVERY_TYPE], became ready here or elsewhere.
    void heard(String type) {
        if (type.equals(TaskStore.EVERY_TYPE)) {
            hint(Duration.ZERO);
        } else {
            hint(type, Duration.ZERO);
        }
    }

    /// Tasks of this type, or of [TaskStore#EVERY_TYPE], are due that were not: every process hears of it.
    void released(String type) {
        heard(type);
        wakeUps.announce(type);
    }

    private void hint(Duration delay, DueTimes times, Bell bell) {
        if (delay.isPositive()) {
            times.add(nanoTime.getAsLong() + delay.toNanos());
        }
        bell.ring();
    }

    private boolean shared(String type) {
        return handlers.find(type).filter(h -> h.limits().shared()).isPresent();
    }

    void awaitHint(Duration longest) throws InterruptedException {
        claimBell.await(dueTimes.untilNext(nanoTime.getAsLong(), longest.toNanos()));
    }

    void awaitLimitedHint(Duration longest) throws InterruptedException {
        limitedBell.await(limitedDueTimes.untilNext(nanoTime.getAsLong(), longest.toNanos()));
    }

    /// What a task would be refused for, whoever hands it in.
    List<FieldFault> faults(NewTask task) {
        int max =
                handlers.find(task.type()).map(h -> h.limits().inputBytesMax()).orElse(NewTask.INPUT_BYTES_MAX);
        return Utf8.longerThan(task.input(), max)
                ? List.of(new FieldFault("input", "length", Saying.AT_MOST_JSON_BYTES.said(max)))
                : List.of();
    }

    /// Ranks a task that is about to wait: by its priority, and by how much its owner has waiting.
    Acceptance ranked(Acceptance acceptance, boolean due) {
        NewTask task = acceptance.task();
        int lane = due ? backlogs.entered(task.owner(), task.type()) : 0;
        Optional<String> key = handlers.find(task.type())
                .filter(h -> h.limits().perKeyMax().isPresent())
                .map(h -> h.limitKey(task.owner(), task.input()).orElse(""));
        return acceptance.ranked(Level.of(task.priority(), lane), key);
    }

    /// Looks up which types are paused.
    void readPaused() {
        Set<String> now = store.paused();
        if (!now.equals(paused)) {
            noteAll(); // Before a type is open again: what was held back goes before what comes now.
            paused = now;
            hint(Duration.ZERO);
        }
    }

    private boolean isPaused(String type) {
        Set<String> now = paused;
        return now.contains(type) || now.contains(TaskStore.EVERY_TYPE);
    }

    /// Corrects the count of each owner's waiting tasks, where anybody has many.
    void countBacklogs() {
        if (backlogs.crowded()) {
            backlogs.counted(store.backlogs());
        }
    }

    /// Lets a tenth of the starts since the last call go to those that have waited longest.
    void ageOnce() {
        Map<String, Integer> credits = ageing.take();
        if (!credits.isEmpty()) {
            int lifted = store.lift(credits, config.ageing());
            if (lifted > 0) {
                log.atDebug().addKeyValue("tasks", lifted).log("tasks go first because they have waited long");
            }
        }
    }

    int runningCount() {
        return running.size();
    }

    /// Of a batch that is about to be accepted, those that may start at once instead of waiting: there is room for
    /// them, and nothing that is known to wait would have gone first. The most urgent take the room first. Each of
    /// them holds its place until [#begin].
    ///
    /// @param acceptance what is accepted by each
    <T> List<T> startable(List<T> batch, Function<T, Acceptance> acceptance) {
        if (!claiming || !joined || behind()) {
            return List.of();
        }
        List<T> ranked = new ArrayList<>(batch);
        ranked.sort(Comparator.comparingInt(one -> -acceptance.apply(one).level()));
        List<T> startable = new ArrayList<>();
        Set<String> full = new HashSet<>();
        for (T one : ranked) {
            Acceptance task = acceptance.apply(one);
            String type = task.task().type();
            if (full.contains(type) || !mayStart(task)) {
                continue;
            }
            if (slots.tryTake(handlers.find(type).orElseThrow())) {
                startable.add(one);
            } else {
                full.add(type);
            }
        }
        return startable;
    }

    private boolean mayStart(Acceptance acceptance) {
        NewTask task = acceptance.task();
        return task.runAt().isEmpty()
                && task.deadline().isEmpty()
                && acceptance.uniqueKey().isEmpty()
                && handlers.find(task.type()).filter(h -> !h.limits().shared()).isPresent()
                && !isPaused(task.type())
                && !waitingTypes.mayWait(task.type());
    }

    /// Accepts tasks that are [#startable] and starts them: one statement does for both.
    ///
    /// @return whether all were new and this process still starts tasks; otherwise nothing was accepted, and the
    ///         places are free again
    boolean begin(List<Acceptance> tasks) {
        unknowns.acquireUninterruptibly();
        boolean accepted = false;
        try {
            accepted = claiming && store.acceptRunning(worker, tasks, config.lease());
            if (accepted) {
                tasks.forEach(task -> start(claimed(task)));
            }
        } catch (RuntimeException e) {
            claimUncertain = true;
            claimBell.ring();
            throw e;
        } finally {
            unknowns.release();
            if (!accepted) {
                tasks.forEach(task -> giveSlot(task.task().type()));
            }
        }
        return accepted;
    }

    private static ClaimedTask claimed(Acceptance acceptance) {
        NewTask task = acceptance.task();
        return new ClaimedTask(
                new Lease(task.owner(), task.id(), 1),
                task.type(),
                task.input(),
                0,
                task.maxRetries(),
                0,
                task.correlation(),
                acceptance.trace(),
                Optional.empty(),
                false);
    }

    /// Claims as many ready tasks as can run now and starts them; those of limited types have [#claimLimitedOnce].
    ///
    /// @return whether more may be ready that could run
    boolean claimOnce() throws InterruptedException {
        long through = hints.get();
        claims.acquire();
        try {
            return claimReady();
        } finally {
            claims.release();
            claimedThrough = through;
            caughtUp.ring();
        }
    }

    private boolean claimReady() throws InterruptedException {
        if (!claiming || behind()) {
            return false;
        }
        if (claimUncertain) {
            releaseUnknown();
        }
        Map<String, Long> noted = waitingTypes.before();
        Slots.Held held = slots.hold(BATCH_MAX, type -> !isPaused(type));
        held.full().forEach(waitingTypes::note);
        if (held.inAll() <= 0) {
            return false;
        }
        List<ClaimedTask> claimed = claim(held);
        Map<String, Integer> taken = taken(claimed);
        boolean more = claimed.size() >= held.inAll();
        Set<String> found = new HashSet<>(held.byType().keySet());
        for (Map.Entry<String, Integer> one : taken.entrySet()) {
            if (one.getValue() >= held.byType().getOrDefault(one.getKey(), 0)) {
                found.remove(one.getKey());
                waitingTypes.note(one.getKey());
                slots.hungry(); // Before they start: one that is over at once must find somebody hungry.
            }
        }
        if (!more) {
            waitingTypes.foundAll(found, noted);
        }
        claimed.forEach(this::start);
        return more;
    }

    /// Claims what there is room for; what was held and not taken is free again.
    private List<ClaimedTask> claim(Slots.Held held) {
        List<ClaimedTask> claimed = List.of();
        try {
            claimed = store.claim(worker, held.byType(), held.inAll(), config.lease());
            return claimed;
        } catch (RuntimeException e) {
            claimUncertain = true;
            throw e;
        } finally {
            slots.took(held, taken(claimed));
        }
    }

    /// Claims what was handed to this process alone, waiting for it up to `wait`, and starts it. Of what does not fit
    /// the others hear, and whoever has room finds it in the table.
    void claimHandedOnce(Duration wait) throws InterruptedException {
        List<ReadyTask> tasks = handed.take(BATCH_MAX, wait);
        if (tasks.isEmpty()) {
            return;
        }
        try {
            claims.acquire();
            try {
                claimHanded(tasks);
            } finally {
                claims.release();
            }
        } finally {
            handedCount.addAndGet(-tasks.size());
        }
    }

    private void claimHanded(List<ReadyTask> tasks) throws InterruptedException {
        if (!claiming) {
            tasks.stream().map(ReadyTask::type).distinct().forEach(this::released);
            return;
        }
        List<ReadyTask> fitting = fitting(tasks);
        if (fitting.isEmpty()) {
            return;
        }
        if (claimUncertain) {
            releaseUnknown();
        }
        List<ClaimedTask> claimed = List.of();
        try {
            claimed = store.claimThese(worker, fitting, config.lease());
        } catch (RuntimeException e) {
            claimUncertain = true;
            claimBell.ring(); // Whatever became of them: the table knows.
            throw e;
        } finally {
            giveBack(fitting, taken(claimed));
        }
        claimed.forEach(this::start);
    }

    /// Those for which there is room, which is taken.
    private List<ReadyTask> fitting(List<ReadyTask> tasks) {
        List<ReadyTask> fitting = new ArrayList<>();
        Set<String> left = new HashSet<>();
        for (ReadyTask task : tasks) {
            boolean fits = handlers.find(task.type())
                    .filter(h -> !h.limits().shared() && !isPaused(h.type()) && slots.tryTake(h))
                    .isPresent();
            if (fits) {
                fitting.add(task);
            } else {
                slots.hungry();
                waitingTypes.note(task.type());
                left.add(task.type());
            }
        }
        left.forEach(wakeUps::announce);
        return fitting;
    }

    /// Frees the places of those that were not claimed after all.
    private void giveBack(List<ReadyTask> fitting, Map<String, Integer> taken) {
        for (ReadyTask task : fitting) {
            if (taken.merge(task.type(), -1, Integer::sum) < 0) {
                giveSlot(task.type());
            }
        }
    }

    private static Map<String, Integer> taken(List<ClaimedTask> claimed) {
        Map<String, Integer> taken = new HashMap<>();
        claimed.forEach(task -> taken.merge(task.type(), 1, Integer::sum));
        return taken;
    }

    private void releaseUnknown() throws InterruptedException {
        unknowns.acquire(ON_THEIR_WAY_MAX);
        try {
            int released = store.releaseUnknown(worker, running.keySet());
            claimUncertain = false;
            if (released > 0) {
                log.atInfo().addKeyValue("tasks", released).log("claims whose answer was lost were given back");
            }
        } finally {
            unknowns.release(ON_THEIR_WAY_MAX);
        }
    }

    /// Claims ready tasks of the types whose limits hold for all processes together, and starts them.
    ///
    /// @return whether more may be ready that could run
    boolean claimLimitedOnce() throws InterruptedException {
        List<String> limited = handlers.all().stream()
                .filter(h -> h.limits().shared() && slots.freeOf(h) > 0 && !isPaused(h.type()))
                .map(TaskHandler::type)
                .toList();
        if (!claiming || limited.isEmpty()) {
            return false;
        }
        boolean more = false;
        for (String type : store.ready(limited)) {
            more |= claimLimited(handlers.find(type).orElseThrow());
        }
        return more;
    }

    private boolean claimLimited(TaskHandler handler) throws InterruptedException {
        unknowns.acquire();
        try {
            int free = Math.min(BATCH_MAX, slots.freeOf(handler));
            if (free <= 0) {
                return false;
            }
            var claim = store.claimLimited(worker, handler.type(), handler.limits(), free, config.lease());
            claim.tasks().forEach(task -> {
                slots.take(task.type());
                start(task);
            });
            claim.again().ifPresent(wait -> limitedDueTimes.add(nanoTime.getAsLong() + wait.toNanos()));
            return claim.tasks().size() >= free && claim.again().isEmpty();
        } catch (RuntimeException e) {
            claimUncertain = true;
            claimBell.ring();
            throw e;
        } finally {
            unknowns.release();
        }
    }

    /// Starts a task whose place is taken.
    private void start(ClaimedTask task) {
        TaskHandler handler = handlers.find(task.type()).orElseThrow();
        var attempt = new RunningAttempt(task, handler, nanoTime);
        running.put(task.lease(), attempt);
        ageing.started(task.type());
        if (task.lease().fence() == 1) {
            backlogs.left(task.lease().owner(), task.type());
        }
        runner.execute(() -> run(attempt));
    }

    private void run(RunningAttempt attempt) {
        attempt.begins(Thread.currentThread());
        Optional<Ending> ending;
        try (var _ = Correlation.with(Correlation.Id.TASK, attempt.task().toString());
                var _ = Correlation.with(Correlation.Id.REQUEST, attempt.correlation());
                var _ = span(attempt)) {
            ending = ending(attempt);
        }
        settle(attempt, ending);
    }

    /// Part of the trace of whoever asked for the task.
    private Tracing.Span span(RunningAttempt attempt) {
        String name = "task " + attempt.claimed().type();
        return attempt.claimed()
                .trace()
                .map(asked -> tracing.start(name, Tracing.Kind.CONSUMER, asked))
                .orElseGet(() -> tracing.start(name, Tracing.Kind.CONSUMER));
    }

    private Optional<Ending> ending(RunningAttempt attempt) {
        Optional<Ending> ending;
        try {
            String result = BackgroundWork.of(
                    attempt.claimed().type(), () -> attempt.handler().run(attempt));
            ending = Optional.of(Ending.completed(attempt.claimed(), result));
        } catch (TaskPostponedException e) {
            ending = attempt.stop() == null
                    ? Optional.of(Ending.postponed(attempt.claimed(), e.delay()))
                    : stopped(attempt);
        } catch (Throwable e) { // The outer edge of the attempt's thread: whatever it is, it must be recorded.
            ending = attempt.stop() == null ? Optional.of(failed(attempt, e)) : stopped(attempt);
        } finally {
            attempt.ends();
            giveSlot(attempt.claimed().type());
        }
        return ending;
    }

    private void giveSlot(String type) {
        if (slots.give(type)) {
            claimBell.ring();
        }
    }

    private Ending failed(RunningAttempt attempt, Throwable failure) {
        Ending ending = policy.failed(attempt.claimed(), attempt.handler(), failure);
        log.atWarn()
                // A known failure is told by its code; its text is for its owner and may be the user's.
                .setCause(failure instanceof StewardException ? failure.getCause() : failure)
                .addKeyValue("task_id", attempt.task())
                .addKeyValue("type", attempt.claimed().type())
                .addKeyValue("attempt", attempt.number())
                .addKeyValue("code", ending.code() == null ? "" : ending.code().wire())
                .addKeyValue("becomes", ending.to().wire())
                .log(ending.failed() ? "attempt failed" : "the database was away; the attempt is repeated");
        return ending;
    }

    /// The ending of an attempt that was told to stop; empty when it is no longer ours to write.
    private Optional<Ending> stopped(RunningAttempt attempt) {
        Stop reason = attempt.stop();
        ClaimedTask task = attempt.claimed();
        return switch (requireNonNull(reason, "reason")) {
            case CANCELLED -> Optional.of(Ending.cancelled(task));
            case TIMED_OUT -> Optional.of(policy.timedOut(task, attempt.handler()));
            case DEADLINE -> Optional.of(policy.pastDeadline(task, TaskStatus.RUNNING));
            case STOPPING -> Optional.of(policy.stopped(task, attempt.handler()));
            case LOST -> Optional.empty();
        };
    }

    private void settle(RunningAttempt attempt, Optional<Ending> ending) {
        if (!attempt.settle()) {
            return;
        }
        if (ending.isEmpty()) {
            running.remove(attempt.lease(), attempt);
            return;
        }
        metrics.attemptEnded(
                attempt.claimed().type(), ending.get().outcome(), nanoTime.getAsLong() - attempt.startedNanos());
        unwritten.incrementAndGet();
        settled.add(new Settled(attempt, ending.get()));
    }

    private boolean behind() {
        return unwritten.get() >= UNWRITTEN_MAX;
    }

    /// Lets the claimer look at what waits, and the endings be written, before more is accepted; for one thread.
    /// Without it, a steady stream of accepted tasks would make each other wait, though there is room for all.
    void awaitCaughtUp() throws InterruptedException {
        long end = nanoTime.getAsLong() + CATCH_UP_MAX.toNanos();
        long left = CATCH_UP_MAX.toNanos();
        while (claiming && joined && left > 0 && (behind() || claimedThrough < hints.get())) {
            caughtUp.await(left);
            left = end - nanoTime.getAsLong();
        }
    }

    /// Writes the endings that have come in, waiting for them up to `wait`.
    ///
    /// @return whether there were any
    boolean settleOnce(Duration wait) throws InterruptedException {
        List<Settled> batch = settled.take(BATCH_MAX, wait);
        if (batch.isEmpty()) {
            return false;
        }
        try {
            writeLogs(batch.stream().map(Settled::attempt).toList());
            write(batch.stream().map(Settled::ending).toList());
        } catch (RuntimeException e) {
            batch.forEach(settled::add); // Repeating is safe: what was written is fenced off.
            throw e;
        }
        batch.forEach(s -> running.remove(s.attempt().lease(), s.attempt()));
        boolean wasBehind = behind();
        unwritten.addAndGet(-batch.size());
        if (wasBehind && !behind()) {
            caughtUp.ring();
            claimBell.ring();
        }
        if (batch.stream().anyMatch(s -> s.attempt().handler().limits().shared())) {
            limitedBell.ring(); // What was written counts no more against the limits.
        }
        return true;
    }

    private void write(List<Ending> endings) {
        List<Ending> completed = new ArrayList<>();
        List<Ending> waiting = new ArrayList<>();
        List<Ending> over = new ArrayList<>();
        for (Ending ending : endings) {
            switch (ending.to()) {
                case COMPLETED -> completed.add(ending);
                case PENDING -> waiting.add(ending);
                case CANCELLED, DEAD_LETTER -> over.add(ending);
                case RUNNING, FAILED -> throw new IllegalStateException("no attempt ends as " + ending.to());
            }
        }
        writeCompleted(completed);
        writeWaiting(waiting);
        over.forEach(this::writeOver);
    }

    private void writeCompleted(List<Ending> completed) {
        if (completed.isEmpty()) {
            return;
        }
        try {
            TaskStore.Completed written = store.complete(completed);
            int counted = written.counted();
            metrics.completed(counted);
            followersReady(written.released());
            if (counted < completed.size()) {
                log.atInfo()
                        .addKeyValue("attempts", completed.size() - counted)
                        .log("results came after their lease was lost and were dropped");
            }
        } catch (RuntimeException e) {
            if (DatabaseErrors.unavailable(e).isPresent() || DatabaseErrors.passing(e)) {
                throw e;
            }
            oneByOne(completed, e);
        }
    }

    /// One result that the table refuses (such as a text with U+0000) must not hold up the others.
    private void oneByOne(List<Ending> completed, RuntimeException refusal) {
        if (completed.size() > 1) {
            completed.forEach(one -> writeCompleted(List.of(one)));
            return;
        }
        ClaimedTask task = completed.getFirst().task();
        log.atError()
                .setCause(refusal)
                .addKeyValue("task_id", task.lease().task())
                .addKeyValue("type", task.type())
                .log("a handler's result can't be stored");
        writeOver(policy.unstorable(task));
    }

    private void writeWaiting(List<Ending> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        Set<Lease> counted = store.end(waiting);
        for (Ending ending : waiting) {
            if (!counted.contains(ending.task().lease())) {
                // Lost to another worker, or cancelled in the last moment. Only the second lets this count.
                writeOver(Ending.cancelled(ending.task()));
                continue;
            }
            if (ending.failed()) {
                metrics.failed(1);
            }
            if (ending.delay().isPositive()) {
                hint(ending.task().type(), ending.delay());
            } else {
                released(ending.task().type()); // A worker that stops gives back what another should take now.
            }
        }
    }

    /// Writes an ending without a result, and tells the type's handler, and those of tasks that are cancelled with
    /// it, in the same transaction.
    private void writeOver(Ending ending) {
        boolean counted;
        try {
            counted = transactions.inOne(() -> writeOver(ending, true));
        } catch (RuntimeException e) {
            if (DatabaseErrors.unavailable(e).isPresent() || DatabaseErrors.passing(e)) {
                throw e;
            }
            log.atError()
                    .setCause(e)
                    .addKeyValue("task_id", ending.task().lease().task())
                    .addKeyValue("type", ending.task().type())
                    .log("a handler failed to take note of its task's end");
            counted = transactions.inOne(() -> writeOver(ending, false));
        }
        if (counted && ending.to() == TaskStatus.DEAD_LETTER) {
            metrics.failed(1);
            log.atWarn()
                    .addKeyValue("task_id", ending.task().lease().task())
                    .addKeyValue("type", ending.task().type())
                    .addKeyValue(
                            "cause", requireNonNull(ending.cause(), "cause").wire())
                    .addKeyValue("fingerprint", ending.fingerprint())
                    .log("task became a dead letter");
        }
    }

    private boolean writeOver(Ending ending, boolean tell) {
        Lease lease = ending.task().lease();
        store.lockIfLinked(lease.owner(), lease.task());
        if (store.end(List.of(ending)).isEmpty()) {
            return false;
        }
        if (tell) {
            handlers.find(ending.task().type()).ifPresent(h -> h.ended(ending.ended()));
        }
        followUp(lease.owner(), List.of(lease.task()), ending.to(), tell);
        return true;
    }

    /// Does what the end of tasks without a result means for those that follow them, in the caller's transaction.
    private void followUp(UserId owner, Collection<TaskId> tasks, TaskStatus status) {
        followUp(owner, tasks, status, true);
    }

    private void followersReady(List<TaskStore.Released> followers) {
        Set<String> due = new HashSet<>();
        for (TaskStore.Released follower : followers) {
            if (follower.delay().isPositive()) {
                hint(follower.type(), follower.delay());
            } else {
                due.add(follower.type());
            }
        }
        due.forEach(this::released);
    }

    /// Takes dead letters off the list, with all that this means for those that follow them.
    ///
    /// @param dismissal locks and writes
    /// @return how many
    long dismiss(Supplier<DeadLetterStore.Dismissed> dismissal) {
        return transactions.inOne(() -> {
            DeadLetterStore.Dismissed dismissed = dismissal.get();
            dismissed.followed().forEach((owner, tasks) -> followUp(owner, tasks, TaskStatus.FAILED));
            return dismissed.count();
        });
    }

    /// Does it in one transaction.
    <T> T inOne(Supplier<T> work) {
        return transactions.inOne(work);
    }

    private void followUp(UserId owner, Collection<TaskId> tasks, TaskStatus status, boolean tell) {
        TaskStore.Consequences then = store.ended(owner, tasks, status);
        if (tell) {
            for (ClaimedTask task : then.cancelled()) {
                handlers.find(task.type())
                        .ifPresent(h -> h.ended(Ending.cancelledBefore(task).ended()));
            }
        }
        if (!then.released().isEmpty()) {
            store.afterCommit(() -> followersReady(then.released()));
        }
    }

    /// Cancels a task of this owner, in the caller's transaction if there is one.
    boolean cancel(UserId owner, TaskId id) {
        return switch (transactions.inOne(() -> cancelInTransaction(owner, id))) {
            case TaskStore.Cancelled.Nothing() -> false;
            case TaskStore.Cancelled.Waiting _ -> true;
            case TaskStore.Cancelled.Running(Lease lease) -> {
                store.afterCommit(() -> stopWherever(lease));
                yield true;
            }
        };
    }

    /// Cancels many tasks of this owner at once.
    ///
    /// @param cancelling marks them
    void cancelAll(UserId owner, Supplier<List<TaskStore.Cancelled>> cancelling) {
        transactions.inOne(() -> {
            store.lockGraph(owner);
            List<TaskStore.Cancelled> met = cancelling.get();
            List<TaskId> waited = new ArrayList<>();
            for (TaskStore.Cancelled one : met) {
                switch (one) {
                    case TaskStore.Cancelled.Nothing() -> {}
                    case TaskStore.Cancelled.Waiting(ClaimedTask task) -> {
                        waited.add(task.lease().task());
                        handlers.find(task.type())
                                .ifPresent(h ->
                                        h.ended(Ending.cancelledWaiting(task).ended()));
                    }
                    case TaskStore.Cancelled.Running(Lease lease) -> store.afterCommit(() -> stopWherever(lease));
                }
            }
            if (!waited.isEmpty()) {
                followUp(owner, waited, TaskStatus.CANCELLED);
            }
            return true;
        });
    }

    private TaskStore.Cancelled cancelInTransaction(UserId owner, TaskId id) {
        store.lockIfLinked(owner, id);
        TaskStore.Cancelled met = store.cancel(owner, id);
        if (met instanceof TaskStore.Cancelled.Waiting(ClaimedTask task)) {
            handlers.find(task.type())
                    .ifPresent(h -> h.ended(Ending.cancelledWaiting(task).ended()));
            followUp(owner, List.of(id), TaskStatus.CANCELLED);
        }
        return met;
    }

    private void stopWherever(Lease lease) {
        if (!stopRunning(lease)) {
            stopElsewhere.accept(lease);
        }
    }

    /// Stops an attempt that its owner has cancelled.
    ///
    /// @return whether it runs in this process; another one hears of it, at the latest with its next heartbeat
    boolean stopRunning(Lease lease) {
        RunningAttempt attempt = running.get(lease);
        if (attempt == null) {
            return false;
        }
        attempt.stop(Stop.CANCELLED, nanoTime.getAsLong());
        return true;
    }

    /// Prolongs the leases of all running attempts; stops those that are lost or cancelled.
    void beatOnce() {
        // A lease that is younger than the pause between two beats will be prolonged by the next one; most tasks
        // are done before they ever need it.
        long young = config.lease().toNanos() / EngineThreads.BEATS_PER_LEASE;
        long now = nanoTime.getAsLong();
        List<RunningAttempt> attempts = running.values().stream()
                .filter(a -> now - a.startedNanos() >= young)
                .toList();
        Map<Lease, Boolean> held =
                store.beat(worker, attempts.stream().map(RunningAttempt::lease).toList(), config.lease());
        for (RunningAttempt attempt : attempts) {
            Boolean cancelled = held.get(attempt.lease());
            if (attempt.isSettled()) {
                continue; // Its ending is on the way, or was written between the two looks.
            }
            if (cancelled == null) {
                log.atWarn()
                        .addKeyValue("task_id", attempt.task())
                        .addKeyValue("attempt", attempt.number())
                        .log("lease lost; the attempt is stopped and its result will not count");
                attempt.stop(Stop.LOST, nanoTime.getAsLong());
            } else if (cancelled) {
                attempt.stop(Stop.CANCELLED, nanoTime.getAsLong());
            }
        }
    }

    /// Keeps what attempts have told since it was last written.
    private void writeLogs(Collection<RunningAttempt> attempts) {
        Map<RunningAttempt, List<AttemptLog.Line>> unwritten = new LinkedHashMap<>();
        List<LogLine> lines = new ArrayList<>();
        long now = nanoTime.getAsLong();
        for (RunningAttempt attempt : attempts) {
            List<AttemptLog.Line> its = attempt.lines().unwritten();
            if (!its.isEmpty()) {
                unwritten.put(attempt, its);
                its.forEach(l -> lines.add(new LogLine(
                        attempt.lease(), l.place(), Duration.ofNanos(Math.max(0, now - l.atNanos())), l.text())));
            }
        }
        if (!lines.isEmpty()) {
            store.log(lines);
            unwritten.forEach((attempt, its) -> attempt.lines().wrote(its));
        }
    }

    /// Keeps the progress that was reported, and what attempts have told, since the last call.
    void progressOnce() {
        writeLogs(running.values());
        Map<Lease, Double> done = new LinkedHashMap<>();
        running.forEach((lease, attempt) -> {
            double progress = attempt.takeProgress();
            if (progress >= 0) {
                done.put(lease, progress);
            }
        });
        if (!done.isEmpty()) {
            store.progress(done);
        }
    }

    /// Stops attempts whose time is over, and ends those that don't react.
    void watchOnce() {
        long now = nanoTime.getAsLong();
        for (RunningAttempt attempt : running.values()) {
            if (attempt.isSettled()) {
                continue;
            }
            long ran = now - attempt.startedNanos();
            if (attempt.claimed().deadlineIn().filter(d -> ran > d.toNanos()).isPresent()) {
                attempt.stop(Stop.DEADLINE, now);
            } else if (ran > attempt.handler().timeout().toNanos()) {
                attempt.stop(Stop.TIMED_OUT, now);
            }
            if (attempt.stoppedFor(INTERRUPT_GRACE, now)) {
                log.atWarn()
                        .addKeyValue("task_id", attempt.task())
                        .addKeyValue("type", attempt.claimed().type())
                        .log("a handler ignores its interrupt; its attempt is ended without it");
                settle(attempt, stopped(attempt));
            }
        }
    }

    /// Takes over tasks whose worker is gone, and ends waiting tasks whose deadline has passed.
    ///
    /// @return how many tasks it moved
    int reapOnce() {
        int crashesBefore = policy.crashesAllowed();
        Set<String> unrepeatable = handlers.unrepeatable();
        int moved = 0;
        List<ClaimedTask> expired = store.expiredForGood(crashesBefore, unrepeatable, BATCH_MAX);
        if (grew(expired)) {
            expired = store.expiredForGood(crashesBefore, unrepeatable, BATCH_MAX);
        }
        for (ClaimedTask task : expired) {
            writeOver(
                    task.cancelRequested()
                            ? Ending.cancelled(task)
                            : unrepeatable.contains(task.type()) ? policy.lostForGood(task) : policy.poison(task));
            moved++;
        }
        int reaped = store.reap(crashesBefore, unrepeatable, BATCH_MAX);
        if (reaped > 0) {
            log.atWarn().addKeyValue("tasks", reaped).log("tasks of lost workers were taken over");
            released(TaskStore.EVERY_TYPE);
        }
        for (ClaimedTask task : store.pastDeadline(BATCH_MAX)) {
            writeOver(policy.pastDeadline(task, TaskStatus.PENDING));
            moved++;
        }
        return moved + reaped;
    }

    /// Keeps the progress that these tasks made without its being written before their workers were lost.
    ///
    /// @return whether some of them may have made any
    private boolean grew(List<ClaimedTask> expired) {
        Map<Lease, Double> reached = new LinkedHashMap<>();
        for (ClaimedTask task : expired) {
            double done = task.cancelRequested() ? 0 : reached(task);
            if (done > 0) {
                reached.put(task.lease(), Math.min(done, 1));
            }
        }
        if (!reached.isEmpty()) {
            store.progress(reached);
        }
        return !reached.isEmpty();
    }

    private double reached(ClaimedTask task) {
        try {
            return handlers.find(task.type()).map(h -> h.reached(task.input())).orElse(0.0);
        } catch (RuntimeException e) {
            if (DatabaseErrors.unavailable(e).isPresent()) {
                throw e;
            }
            log.atError()
                    .setCause(e)
                    .addKeyValue("task_id", task.lease().task())
                    .addKeyValue("type", task.type())
                    .log("a handler can't tell how far its task has come");
            return 0;
        }
    }

    /// Nothing more starts from here on; what runs goes on. Waits a little for what is about to start, so that it can
    /// be interrupted and given back like the rest.
    void stopClaiming() {
        claiming = false;
        try {
            if (unknowns.tryAcquire(ON_THEIR_WAY_MAX, ON_THEIR_WAY_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                unknowns.release(ON_THEIR_WAY_MAX);
            }
            if (claims.tryAcquire(ON_THEIR_WAY_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                claims.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Interrupts everything that runs; it will be given back.
    void interruptAll() {
        long now = nanoTime.getAsLong();
        running.values().forEach(a -> a.stop(Stop.STOPPING, now));
    }

    /// Ends what still runs on paper, so that another process or the next start goes on with it at once.
    void giveBackRest() {
        Set<RunningAttempt> rest =
                running.values().stream().filter(a -> !a.isSettled()).collect(Collectors.toSet());
        rest.forEach(a ->
                settle(a, a.stop() == null ? Optional.of(policy.stopped(a.claimed(), a.handler())) : stopped(a)));
    }

    void leave() {
        store.leave(worker);
    }

    void wakeAll() {
        handed.wake();
        claimBell.ring();
        limitedBell.ring();
        settled.wake();
    }
}
