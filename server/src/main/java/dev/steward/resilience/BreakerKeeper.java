package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.components.Component;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes breakers that changed to where they are kept, in the background: a breaker never waits for the database.
///
/// Changes of one breaker that come faster than they are written become one. While they can't be written they are
/// kept and tried again; breakers work on in memory meanwhile. Safe for use by many threads.
final class BreakerKeeper implements BreakerListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BreakerKeeper.class);

    /// Wait before changes that could not be written are tried again.
    private static final Duration RETRY_WAIT = Duration.ofSeconds(2);

    /// Longest time that stopping waits for the last write.
    private static final Duration STOP_WAIT = Duration.ofSeconds(2);

    private final BreakerMemory memory;
    private final Component component;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final Map<String, CircuitBreaker> changed = new HashMap<>();
    private @Nullable Thread writer;
    private boolean stopping;

    BreakerKeeper(BreakerMemory memory, Component component) {
        this.memory = requireNonNull(memory, "memory");
        this.component = requireNonNull(component, "component");
    }

    /// Brings back what was kept and begins to write.
    void start(Breakers breakers) {
        breakers.restore(memory.load());
        component.worked();
        writer = Thread.ofVirtual().name("breaker-keeper").start(this::run);
    }

    @Override
    public void changed(CircuitBreaker breaker, CircuitBreaker.State from, CircuitBreaker.State to) {
        lock.lock();
        try {
            changed.put(breaker.name(), breaker);
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Writes what is left and ends.
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            told.signalAll();
        } finally {
            lock.unlock();
        }
        Thread thread = writer;
        if (thread == null) {
            return;
        }
        try {
            if (!thread.join(STOP_WAIT)) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            List<CircuitBreaker> next = take(Duration.ZERO);
            while (!next.isEmpty()) {
                boolean written = write(next);
                next = take(written ? Duration.ZERO : RETRY_WAIT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for changes, not before `rest` has passed; empty when there is nothing more to do.
    private List<CircuitBreaker> take(Duration rest) throws InterruptedException {
        lock.lock();
        try {
            long left = rest.toNanos();
            while (left > 0 && !stopping) {
                left = told.awaitNanos(left);
            }
            if (stopping && rest.isPositive()) {
                return List.of(); // The database is gone; what could not be written is forgotten.
            }
            while (changed.isEmpty() && !stopping) {
                told.await();
            }
            List<CircuitBreaker> taken = new ArrayList<>(changed.values());
            changed.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private boolean write(List<CircuitBreaker> breakers) {
        try {
            memory.save(breakers.stream().map(CircuitBreaker::saved).toList());
            component.worked();
            return true;
        } catch (RuntimeException e) { // the outer edge of this thread: whatever fails, it tries again
            LOG.atWarn().setCause(e).addKeyValue("count", breakers.size()).log("breaker state not saved");
            component.degraded(Saying.BREAKERS_UNSAVED.english());
            putBack(breakers);
            return false;
        }
    }

    private void putBack(List<CircuitBreaker> breakers) {
        lock.lock();
        try {
            breakers.forEach(breaker -> changed.putIfAbsent(breaker.name(), breaker));
        } finally {
            lock.unlock();
        }
    }
}
