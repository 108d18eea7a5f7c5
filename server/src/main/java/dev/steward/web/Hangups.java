package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that a client went away while its answer is being prepared, so that work nobody waits for can be stopped.
///
/// One thread looks at every watched request each [#SWEEP]; a request that ends before the first look costs nothing but
/// its registration. Safe for use by many threads.
public final class Hangups implements AutoCloseable {

    /// How often clients are looked at: late enough to be free for quick answers, soon enough to save the backend work.
    static final Duration SWEEP = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(Hangups.class);
    static final String CONNECTION = "dev.steward.web.connection";

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Thread sweeper;

    public Hangups() {
        sweeper = Thread.ofVirtual().name("hangup-sweeper").unstarted(this::sweep);
    }

    /// Begins to look. Called once.
    void start() {
        sweeper.start();
    }

    /// Calls `onHangup` once, on the sweeper's thread, if the client of `request` goes away before the watch is closed.
    ///
    /// @param onHangup must be quick and must not throw
    public Watch watch(HttpServletRequest request, Runnable onHangup) {
        var watch = new Watch(request.getAttribute(CONNECTION), onHangup);
        if (watch.connection != null) {
            watches.add(watch);
        }
        return watch;
    }

    /// The connection that a request came by.
    static WatchedHttp11Protocol.Connection connection(HttpServletRequest request) {
        return (WatchedHttp11Protocol.Connection) requireNonNull(request.getAttribute(CONNECTION), "connection");
    }

    @Override
    public void close() {
        sweeper.interrupt();
    }

    private void sweep() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(SWEEP);
            } catch (InterruptedException _) {
                return;
            }
            watches.forEach(Watch::look);
        }
    }

    /// One watched request. Close it before the request ends: after that its connection serves another one.
    public final class Watch implements AutoCloseable {

        private final WatchedHttp11Protocol.@org.jspecify.annotations.Nullable Connection connection;
        private final Runnable onHangup;
        private final ReentrantLock lock = new ReentrantLock();
        private boolean over;

        private Watch(@org.jspecify.annotations.Nullable Object connection, Runnable onHangup) {
            this.connection = connection instanceof WatchedHttp11Protocol.Connection c ? c : null;
            this.onHangup = requireNonNull(onHangup, "onHangup");
        }

        private void look() {
            lock.lock();
            try {
                if (over || connection == null || !connection.hungUp()) {
                    return;
                }
                over = true;
            } finally {
                lock.unlock();
            }
            watches.remove(this);
            log.atDebug().log("client hung up");
            onHangup.run();
        }

        @Override
        public void close() {
            lock.lock();
            try {
                over = true;
            } finally {
                lock.unlock();
            }
            watches.remove(this);
        }
    }

    /// Hands each request the connection that it came by.
    static final class ConnectionValve extends ValveBase {

        ConnectionValve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            Object connection = request.getCoyoteRequest().getNote(WatchedHttp11Protocol.NOTE);
            if (connection != null) {
                request.setAttribute(CONNECTION, connection);
            }
            getNext().invoke(request, response);
        }
    }
}
