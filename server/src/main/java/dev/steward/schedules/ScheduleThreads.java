package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.components.Component;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The two threads of this room: the driver's and the watchdog's. A step that fails is repeated, ever more
/// slowly, and neither thread waits for the other.
final class ScheduleThreads {

    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ScheduleThreads.class);

    private final ScheduleDriver driver;
    private final Watchdog watchdog;
    private final SchedulesConfig config;
    private final Component component;
    private final Semaphore bell;
    private final Thread driving;
    private final Thread watching;
    private volatile boolean stopping;

    /// @param bell a permit wakes the driver
    ScheduleThreads(
            ScheduleDriver driver, Watchdog watchdog, SchedulesConfig config, Component component, Semaphore bell) {
        this.driver = requireNonNull(driver, "driver");
        this.watchdog = requireNonNull(watchdog, "watchdog");
        this.config = requireNonNull(config, "config");
        this.component = requireNonNull(component, "component");
        this.bell = requireNonNull(bell, "bell");
        this.driving = Thread.ofVirtual().name("schedules-driver").unstarted(() -> loop("driver", this::drive));
        this.watching = Thread.ofVirtual().name("schedules-watchdog").unstarted(() -> loop("watchdog", this::watch));
    }

    /// One round of a thread.
    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    void start() {
        driving.start();
        watching.start();
    }

    void stop() {
        stopping = true;
        driving.interrupt();
        watching.interrupt();
        try {
            driving.join(STOP_GRACE);
            watching.join(STOP_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drive() throws InterruptedException {
        driver.drive();
        component.worked();
        // A change rings; between changes nothing is due before the soonest, and the poll finds what other nodes made.
        if (bell.tryAcquire(driver.idle(config.poll()).toMillis() + 1, TimeUnit.MILLISECONDS)) {
            bell.drainPermits();
        }
    }

    private void watch() throws InterruptedException {
        Thread.sleep(config.watch());
        watchdog.look();
    }

    private void loop(String name, Step step) {
        Duration pause = PAUSE_FIRST;
        boolean failing = false;
        while (!stopping) {
            try {
                step.run();
                failing = false;
                pause = PAUSE_FIRST;
            } catch (InterruptedException _) {
                return; // Only stop() interrupts.
            } catch (RuntimeException e) {
                if (stopping) {
                    return;
                }
                if (!failing) {
                    failing = true;
                    log.atWarn().setCause(e).addKeyValue("step", name).log("schedules step failed; it is repeated");
                }
                component.failed(Saying.SCHEDULES_WAIT.english());
                if (!paused(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
            }
        }
    }

    /// @return false: stop
    private static boolean paused(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }
}
