package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes ended sessions, a batch at a time, on a virtual thread of its own.
final class SessionCleaner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionCleaner.class);
    private static final Duration PERIOD = Duration.ofHours(1);

    /// Small enough that no delete holds its locks for long.
    private static final int BATCH = 500;

    private final SessionStore sessions;
    private final Thread thread;

    SessionCleaner(SessionStore sessions) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.thread = Thread.ofVirtual().name("session-cleaner").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PERIOD);
                clean();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void clean() {
        try {
            int deleted = sessions.deleteEnded(BATCH);
            while (deleted == BATCH) {
                deleted = sessions.deleteEnded(BATCH);
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Ended sessions could not be deleted; trying again later");
        }
    }
}
