package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/// Lets answers be written to their last byte before the server closes its connections.
///
/// The web server's graceful shutdown waits for controllers only: a short answer, and the chunk that ends a long one,
/// are written after that. Without this pause a stop under load cut off answers that were made already.
final class FinishAnswers implements SmartLifecycle {

    /// Enough for thousands of streams that say goodbye; only clients that read nothing take longer.
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(5);

    private final AtomicInteger underway;
    private volatile boolean running;

    /// @param underway requests whose answers are not written yet
    FinishAnswers(AtomicInteger underway) {
        this.underway = requireNonNull(underway, "underway");
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        long start = System.nanoTime();
        try {
            while (underway.get() > 0 && System.nanoTime() - start < WAIT_MAX.toNanos()) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// After the graceful shutdown, before the web server itself stops.
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - 1;
    }
}
