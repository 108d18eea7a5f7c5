package dev.steward.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for a condition instead of sleeping: goes on as soon as it holds, fails when it never does.
public final class Eventually {

    /// Long enough for a slow machine under load; a test that passes never waits so long.
    public static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private static final Duration STEP = Duration.ofMillis(5);

    private Eventually() {}

    /// Returns once `condition` holds.
    ///
    /// @param what   completes the sentence "waited in vain until …"
    /// @throws AssertionError it did not hold within [#WAIT_MAX]; an exception it threw last is the cause
    public static void until(String what, Callable<Boolean> condition) {
        until(what, WAIT_MAX, condition);
    }

    /// Returns once `condition` holds, within `max`.
    public static void until(String what, Duration max, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + max.toNanos();
        @org.jspecify.annotations.Nullable Throwable last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            LockSupport.parkNanos(STEP.toNanos());
        } while (System.nanoTime() - deadline < 0);
        throw new AssertionError("waited in vain until " + what, last);
    }

    /// Returns once `assertions` pass.
    public static void passes(Runnable assertions) {
        until("the assertions pass", () -> {
            assertions.run();
            return true;
        });
    }
}
