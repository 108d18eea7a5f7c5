package dev.steward.resilience;

import java.time.Duration;

/// Waiting, so that tests need not. In the product it is `Thread::sleep`.
@FunctionalInterface
public interface Pause {

    void sleep(Duration duration) throws InterruptedException;
}
