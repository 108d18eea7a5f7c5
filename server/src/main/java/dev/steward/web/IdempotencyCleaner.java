package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes idempotency keys after their 24 hours, a batch at a time, on a virtual thread of its own.
final class IdempotencyCleaner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyCleaner.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);

    /// Small enough that no delete holds its locks for long.
    private static final int BATCH = 1_000;

    private final KeyRecords records;
    private final Thread thread;

    IdempotencyCleaner(KeyRecords records) {
        this.records = requireNonNull(records, "records");
        this.thread = Thread.ofVirtual().name("idempotency-cleaner").unstarted(this::run);
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
            int deleted = records.deleteExpired(BATCH);
            while (deleted == BATCH) {
                deleted = records.deleteExpired(BATCH);
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Old idempotency keys could not be deleted; trying again later");
        }
    }
}
