package dev.steward.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// How many of the pool's connections [BackgroundWork] may hold at once: one kind of it half of them, all of it three
/// quarters. A hundred attempts that wait for one row's lock hold a connection each meanwhile; without a share they
/// would hold all, and no request could even be authenticated. Work beyond its share waits for it, not for the pool,
/// and in the order in which it came.
///
/// Whoever holds one connection and asks for a second in the same thread counts twice. Safe for use by many threads.
final class ConnectionShares {

    /// As long as the longest statement: then whoever holds the share has ended or was ended.
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private final int ofOneKind;
    private final Semaphore all;
    private final Map<String, Semaphore> kinds = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    ConnectionShares(int poolMax) {
        this.ofOneKind = Math.max(1, poolMax / 2);
        this.all = new Semaphore(Math.max(1, poolMax * 3 / 4), true);
    }

    /// A place in the share; given back once, however often it is asked to.
    @FunctionalInterface
    interface Place {
        void giveBack();
    }

    /// Takes a place for this thread's work, waiting for it if need be; requests get one at once.
    ///
    /// @throws SQLTransientConnectionException none became free in time, or the thread was interrupted
    Place take() throws SQLException {
        var kind = BackgroundWork.kind();
        if (kind.isEmpty()) {
            return () -> {};
        }
        Semaphore own = kinds.computeIfAbsent(kind.get(), _ -> new Semaphore(ofOneKind, true));
        waiting.incrementAndGet();
        try {
            long until = System.nanoTime() + WAIT_MAX.toNanos();
            acquire(own, until);
            try {
                acquire(all, until);
            } catch (SQLException e) {
                own.release();
                throw e;
            }
        } finally {
            waiting.decrementAndGet();
        }
        var held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                all.release();
                own.release();
            }
        };
    }

    /// Background work that waits for its share at this moment.
    int waiting() {
        return waiting.get();
    }

    private static void acquire(Semaphore share, long untilNanos) throws SQLException {
        try {
            if (!share.tryAcquire(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new SQLTransientConnectionException(
                        "background work holds all connections that it may, and gave none back in " + WAIT_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
        }
    }
}
