package dev.steward.system;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for a condition with a bound, looking often.
final class Eventually {

    private static final Duration LOOK = Duration.ofMillis(20);

    private Eventually() {}

    static void within(Duration most, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (RuntimeException | InterruptedException e) {
                throw e instanceof RuntimeException r ? r : (InterruptedException) e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("did not become true within " + most);
            }
            Thread.sleep(LOOK);
        }
    }
}
