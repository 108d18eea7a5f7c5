package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Supervises the child process of the built-in model.
///
/// States: *empty* (no model given), *asleep* (given its memory back after idle time), *running*, *resting* (it failed,
/// and the backoff is not over). A question wakes a sleeping one; a failed one is started again by itself. Whoever
/// holds [#turn] may start, use or stop the process, so one answer is given at a time.
///
/// Safe for use by many threads.
final class EmbeddedModel implements EngineAccess, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedModel.class);

    /// How often the supervisor looks at the process.
    private static final Duration LOOK = Duration.ofMillis(250);

    /// How long a cancelled answer may take to end before the process is ended: one step of a prompt on a slow machine.
    private static final Duration CANCEL_MAX = Duration.ofSeconds(30);

    /// How long a process may take to end by itself when its input is closed.
    private static final Duration GRACE = Duration.ofSeconds(2);

    /// How long those who use or start the process may take to notice that it is gone.
    private static final Duration USERS_MAX = Duration.ofSeconds(15);

    private final PidFile pidFile;
    private final Limits limits;
    private final Report report;
    private final Semaphore turn = new Semaphore(1, true);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong answers = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread supervisor;

    // Guarded by lock.
    private @Nullable Served served;
    private @Nullable ModelProcess process;
    private @Nullable ModelProcess loading;
    private boolean awake;
    private int failures;
    private long notBeforeNanos = System.nanoTime();
    private long lastUsedNanos = System.nanoTime();
    private boolean closed;

    /// A model to be served.
    record Served(String name, ModelProcess.Launch launch) {

        Served {
            requireNonNull(name, "name");
            requireNonNull(launch, "launch");
        }

        Path file() {
            return launch.file();
        }
    }

    /// Bounds of the supervision.
    ///
    /// @param idle       memory is given back after this long without a question; zero: never
    /// @param waitingMax requests that may wait for their turn
    /// @param start      how long loading may take
    /// @param backoff    rest after the first failure; doubles with each further one
    /// @param backoffMax longest rest
    record Limits(Duration idle, int waitingMax, Duration start, Duration backoff, Duration backoffMax) {

        static Limits of(Duration idle) {
            return new Limits(idle, 8, Duration.ofSeconds(120), Duration.ofMillis(500), Duration.ofSeconds(60));
        }

        Duration rest(int failures) {
            long factor = 1L << Math.min(Math.max(failures - 1, 0), 20);
            Duration rest = backoff.multipliedBy(factor);
            return rest.compareTo(backoffMax) > 0 ? backoffMax : rest;
        }
    }

    /// Where the supervisor tells how the model is, in sentences for people.
    interface Report {

        void worked();

        void degraded(String message);

        void failed(String message);
    }

    EmbeddedModel(PidFile pidFile, Limits limits, Report report) {
        this.pidFile = requireNonNull(pidFile, "pidFile");
        this.limits = requireNonNull(limits, "limits");
        this.report = requireNonNull(report, "report");
        this.supervisor = Thread.ofVirtual().name("embedded-model-supervisor").unstarted(this::supervise);
    }

    /// Ends a process that a former run left behind, and begins to supervise.
    void start() throws IOException {
        pidFile.endOrphan()
                .ifPresent(pid ->
                        LOG.atWarn().addKeyValue("pid", pid).log("ended a built-in model process of a former run"));
        supervisor.start();
    }

    /// Serves this model from now on, and loads it at once.
    void serve(Served model) {
        lock.lock();
        try {
            if (!model.equals(served)) {
                served = model;
                failures = 0;
                notBeforeNanos = System.nanoTime();
            }
            awake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Serves nothing from now on; an answer that is being given may end.
    void rest() {
        lock.lock();
        try {
            served = null;
            awake = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The process's id while one runs.
    Optional<Long> pid() {
        lock.lock();
        try {
            return Optional.ofNullable(process)
                    .filter(ModelProcess::alive)
                    .map(p -> p.handle().pid());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String modelName() {
        return served().map(Served::name).orElse("none");
    }

    @Override
    public int contextTokens() {
        return served().map(s -> s.launch().contextTokens()).orElse(0);
    }

    @Override
    public boolean able() {
        lock.lock();
        try {
            return served != null && !closed && (failures == 0 || (process != null && process.alive()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EngineAnswer begin(EngineRequest request) throws EngineUnavailableException, InterruptedException {
        if (waiting.incrementAndGet() > limits.waitingMax() + 1) {
            waiting.decrementAndGet();
            throw new EngineBusyException(limits.waitingMax(), Duration.ofSeconds(5));
        }
        try {
            turn.acquire();
        } finally {
            waiting.decrementAndGet();
        }
        boolean begun = false;
        try {
            ModelProcess running = running();
            long id = answers.incrementAndGet();
            running.begin(id, request);
            begun = true;
            return new Answer(running, id);
        } catch (IOException e) {
            throw new EngineUnavailableException("The built-in model has just stopped.", limits.backoff());
        } finally {
            if (!begun) {
                turn.release();
            }
        }
    }

    /// Ends the process, also one that is being started, and waits for whoever uses or starts it: afterwards there
    /// is no process, and nothing is written.
    @Override
    public void close() {
        ModelProcess starting;
        lock.lock();
        try {
            closed = true;
            served = null;
            awake = false;
            starting = loading;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        supervisor.interrupt();
        ModelProcess last = take();
        if (last != null) {
            end(last, GRACE);
        }
        if (starting != null) {
            end(starting, Duration.ZERO);
        }
        awaitUsers();
    }

    private void awaitUsers() {
        boolean interrupted = Thread.interrupted();
        try {
            supervisor.join(USERS_MAX.toMillis());
            if (turn.tryAcquire(USERS_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                turn.release();
            } else {
                LOG.atWarn().log("an answer of the built-in model did not end in time");
            }
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Served> served() {
        lock.lock();
        try {
            return Optional.ofNullable(served);
        } finally {
            lock.unlock();
        }
    }

    /// The running process, started if need be. Called by the holder of the turn.
    private ModelProcess running() throws EngineUnavailableException, InterruptedException {
        Served model;
        lock.lock();
        try {
            if (served == null || closed) {
                throw new EngineUnavailableException("No built-in model is installed.", Duration.ofSeconds(30));
            }
            model = served;
            if (process != null && process.alive()) {
                return process;
            }
            noticeEnd();
            long rest = notBeforeNanos - System.nanoTime();
            if (rest > 0) {
                throw new EngineUnavailableException(
                        "The built-in model stopped and is being started again.", Duration.ofNanos(rest));
            }
            awake = true;
        } finally {
            lock.unlock();
        }
        return load(model);
    }

    private ModelProcess load(Served model) throws EngineUnavailableException, InterruptedException {
        long start = System.nanoTime();
        ModelProcess child;
        try {
            child = ModelProcess.start(model.launch());
        } catch (IOException e) {
            throw notStarted();
        }
        boolean ready = false;
        try {
            if (announce(child)) {
                pidFile.write(child.handle());
                ready = child.awaitReady(limits.start()) && adopt(child);
            }
        } catch (IOException e) {
            throw notStarted();
        } finally {
            if (!ready) {
                end(child, Duration.ZERO);
            }
            announce(null);
        }
        if (!ready && isClosed()) {
            throw new EngineUnavailableException("Steward is stopping.", limits.rest(1));
        }
        if (!ready) {
            boolean badFile = child.exit().orElse(0) == EmbeddedModelMain.EXIT_MODEL;
            failed(badFile ? Saying.BUILT_IN_UNLOADABLE.english() : Saying.BUILT_IN_NO_MEMORY.english());
            throw new EngineUnavailableException("The built-in model can't be loaded.", limits.rest(1));
        }
        LOG.atInfo()
                .addKeyValue("model", model.name())
                .addKeyValue("pid", child.handle().pid())
                .addKeyValue("load_ms", (System.nanoTime() - start) / 1_000_000)
                .log("built-in model loaded");
        report.worked();
        return child;
    }

    private EngineUnavailableException notStarted() {
        failed(Saying.BUILT_IN_NOT_STARTED.english());
        return new EngineUnavailableException("The built-in model can't be started.", limits.rest(1));
    }

    /// Makes the process that is being started known, so that [#close] need not wait until it is loaded.
    ///
    /// @return false if it is too late to start one
    private boolean announce(@Nullable ModelProcess child) {
        lock.lock();
        try {
            loading = child;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean adopt(ModelProcess child) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            process = child;
            lastUsedNanos = System.nanoTime();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ModelProcess take() {
        lock.lock();
        try {
            ModelProcess last = process;
            process = null;
            return last;
        } finally {
            lock.unlock();
        }
    }

    private void supervise() {
        try {
            while (true) {
                look();
                lock.lock();
                try {
                    changed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    if (closed) {
                        return;
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is to be done now, if the process is in nobody's use.
    private void look() throws InterruptedException {
        noticeEnd();
        if (!turn.tryAcquire()) {
            return;
        }
        try {
            if (toBeEnded()) {
                ModelProcess idle = take();
                if (idle != null) {
                    end(idle, GRACE);
                    LOG.atInfo().log("built-in model gave its memory back");
                }
            } else if (toBeStarted()) {
                running();
            }
        } catch (EngineUnavailableException _) {
            // Told to the component already; tried again when the rest is over.
        } finally {
            turn.release();
        }
    }

    private boolean toBeStarted() {
        lock.lock();
        try {
            return awake && !closed && served != null && process == null && System.nanoTime() - notBeforeNanos >= 0;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the process has been idle too long, or runs another model than it should.
    private boolean toBeEnded() {
        lock.lock();
        try {
            if (process == null) {
                return false;
            }
            if (served == null || !process.launch().equals(served.launch())) {
                return true;
            }
            boolean idle = !limits.idle().isZero()
                    && System.nanoTime() - lastUsedNanos > limits.idle().toNanos();
            if (idle) {
                awake = false;
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /// Takes note of a process that ended by itself.
    private void noticeEnd() {
        Optional<Integer> exit;
        lock.lock();
        try {
            if (process == null || process.alive() || closed) {
                return;
            }
            exit = process.exit();
            process = null;
        } finally {
            lock.unlock();
        }
        LOG.atWarn().addKeyValue("exit", exit.orElse(-1)).log("built-in model process ended unexpectedly");
        failed(Saying.BUILT_IN_STOPPED.english());
    }

    private void failed(String message) {
        boolean again;
        lock.lock();
        try {
            failures++;
            notBeforeNanos = System.nanoTime() + limits.rest(failures).toNanos();
            again = failures > 3;
        } finally {
            lock.unlock();
        }
        if (again) {
            report.failed(message);
        } else {
            report.degraded(message);
        }
    }

    private void end(ModelProcess last, Duration grace) {
        last.stop(grace);
        try {
            pidFile.clear();
        } catch (IOException _) {
            // The start time in the file keeps a later run from ending anybody else's process.
        }
    }

    private void used(boolean whole) {
        lock.lock();
        try {
            lastUsedNanos = System.nanoTime();
            if (whole) {
                failures = 0;
            }
        } finally {
            lock.unlock();
        }
        if (whole) {
            report.worked();
        }
    }

    /// An answer in the making; holds the turn.
    private final class Answer implements EngineAnswer {

        private final ModelProcess from;
        private final long id;
        private boolean done;
        private boolean released;

        Answer(ModelProcess from, long id) {
            this.from = from;
            this.id = id;
        }

        @Override
        public Optional<EngineEvent> next(Duration wait) throws InterruptedException {
            Optional<EngineEvent> event = from.next(id, wait);
            if (event.isPresent() && event.get().last()) {
                done = true;
                used(event.get() instanceof EngineEvent.Done);
            }
            return event;
        }

        @Override
        public void close() {
            if (released) {
                return;
            }
            released = true;
            try {
                if (!done) {
                    cancel();
                }
            } finally {
                turn.release();
            }
        }

        private void cancel() {
            boolean ended = false;
            boolean interrupted = Thread.interrupted();
            try {
                from.cancel(id);
                long deadline = System.nanoTime() + CANCEL_MAX.toNanos();
                while (!ended && System.nanoTime() - deadline < 0) {
                    ended = from.next(id, Duration.ofSeconds(1))
                            .map(EngineEvent::last)
                            .orElse(false);
                }
            } catch (IOException _) {
                // The process is gone, and the answer with it.
            } catch (InterruptedException _) {
                interrupted = true;
            } finally {
                if (!ended) {
                    from.stop(Duration.ZERO);
                }
                used(false);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
