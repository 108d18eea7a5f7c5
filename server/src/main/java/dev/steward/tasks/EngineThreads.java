package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.components.Component;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats the engine's steps, each on a thread of its own, until told to stop. A step that fails, such as
/// while the database is away, is repeated with growing pauses; nothing needs a restart.
///
/// The threads are platform threads on purpose: handlers that compute for long would otherwise keep the
/// heartbeat from its carrier thread, and a lease must not be lost to a busy machine.
final class EngineThreads {

    private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);
    private static final Duration WATCH_EVERY = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// Signs of life in the time of one lease: four may get lost.
    static final int BEATS_PER_LEASE = 5;

    /// How long handlers get after their interrupt, and the last writes, when the server stops.
    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(EngineThreads.class);

    private final TaskEngine engine;
    private final DurableTaskQueue queue;
    private final TaskJanitor janitor;
    private final TasksConfig config;
    private final Component component;
    private final boolean works;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private volatile boolean joined;

    /// @param works whether this process takes tasks from the queue, or accepts them only
    EngineThreads(
            TaskEngine engine,
            DurableTaskQueue queue,
            TaskJanitor janitor,
            TasksConfig config,
            Component component,
            boolean works) {
        this.engine = requireNonNull(engine, "engine");
        this.queue = requireNonNull(queue, "queue");
        this.janitor = requireNonNull(janitor, "janitor");
        this.config = requireNonNull(config, "config");
        this.component = requireNonNull(component, "component");
        this.works = works;
    }

    /// One round of a step.
    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    /// Starts; the first claim waits until what a former process left has been taken over.
    void start() {
        repeat("tasks-accept", () -> queue.writeOnce(SECOND));
        if (!works) {
            repeat("tasks-count", this::count);
            return;
        }
        repeat("tasks-claim", this::claim);
        repeat("tasks-claim-limited", this::claimLimited);
        repeat("tasks-claim-handed", this::claimHanded);
        repeat("tasks-settle", () -> engine.settleOnce(SECOND));
        repeat("tasks-heart", new Heart()::round);
        repeat("tasks-sweep", this::sweep);
    }

    /// Stops claiming, lets what runs go on for the drain time, interrupts the rest and gives it back.
    void stop() {
        engine.stopClaiming();
        awaitIdle(config.drain());
        engine.interruptAll();
        awaitIdle(STOP_GRACE);
        engine.giveBackRest();
        awaitIdle(STOP_GRACE);
        end();
        if (!works) {
            return;
        }
        try {
            engine.leave();
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("could not sign off; running tasks are taken over by the next start");
        }
    }

    /// Stops as if the process had died: gives nothing back, writes nothing more. For tests.
    void kill() {
        engine.stopClaiming();
        end();
    }

    private void end() {
        stopping = true;
        engine.wakeAll();
        queue.wake();
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(STOP_GRACE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        queue.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitIdle(Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        try {
            while (engine.runningCount() > 0 && System.nanoTime() < end) {
                Thread.sleep(Duration.ofMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void claim() throws InterruptedException {
        if (!joined) {
            engine.join();
            joined = true;
            component.worked();
        }
        if (!engine.claimOnce()) {
            engine.awaitHint(config.poll());
        }
    }

    private void claimLimited() throws InterruptedException {
        if (!joined) {
            Thread.sleep(WATCH_EVERY); // The first claim takes over first.
        } else if (!engine.claimLimitedOnce()) {
            engine.awaitLimitedHint(config.poll());
        }
    }

    private void claimHanded() throws InterruptedException {
        if (!joined) {
            Thread.sleep(WATCH_EVERY); // As above.
        } else {
            engine.claimHandedOnce(SECOND);
        }
    }

    private void count() throws InterruptedException {
        janitor.round();
        component.worked();
        Thread.sleep(SECOND);
    }

    private void sweep() throws InterruptedException {
        engine.progressOnce();
        engine.readPaused();
        engine.ageOnce();
        engine.reapOnce();
        janitor.round();
        component.worked();
        Thread.sleep(SECOND);
    }

    /// Watches running attempts often, and gives signs of life as often as the lease asks for.
    private final class Heart {

        private final long everyNanos = config.lease().toNanos() / BEATS_PER_LEASE;
        private long lastBeat = System.nanoTime();

        void round() throws InterruptedException {
            engine.watchOnce();
            long now = System.nanoTime();
            if (now - lastBeat >= everyNanos) {
                engine.beatOnce();
                lastBeat = now;
            }
            Thread.sleep(WATCH_EVERY);
        }
    }

    private void repeat(String name, Step step) {
        threads.add(Thread.ofPlatform().name(name).daemon(true).start(() -> loop(name, step)));
    }

    private void loop(String name, Step step) {
        Duration pause = PAUSE_FIRST;
        boolean failing = false;
        while (!stopping) {
            try {
                step.run();
                if (failing) {
                    failing = false;
                    log.atInfo().addKeyValue("step", name).log("task queue works again");
                }
                pause = PAUSE_FIRST;
            } catch (InterruptedException e) {
                pause = PAUSE_FIRST; // Only stop() interrupts these threads, and the loop's condition knows of it.
            } catch (RuntimeException e) {
                if (!failing && !stopping) {
                    failing = true;
                    log.atWarn().setCause(e).addKeyValue("step", name).log("task queue step failed; it is repeated");
                }
                component.failed(Saying.TASKS_WAIT.english());
                pause = pauseAfter(pause);
            }
        }
    }

    private Duration pauseAfter(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            return pause; // As above.
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
    }
}
