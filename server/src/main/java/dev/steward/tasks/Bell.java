package dev.steward.tasks;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes one waiting thread. Rings while nobody waits are remembered as one. Safe for use by many threads.
final class Bell {

    private final Semaphore rung = new Semaphore(0);

    void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /// Waits for a ring, at most this long.
    void await(long nanos) throws InterruptedException {
        rung.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        rung.drainPermits();
    }
}
