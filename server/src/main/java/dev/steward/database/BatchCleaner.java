package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes rows that are over from time to time, a batch at a time, on a virtual thread of its own. When that fails, it
/// is tried again with the next period.
public final class BatchCleaner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchCleaner.class);

    /// Small enough that no delete holds its locks for long.
    private static final int BATCH = 1_000;

    private final String what;
    private final Duration period;
    private final IntUnaryOperator delete;
    private final BooleanSupplier leads;
    private final Thread thread;

    /// @param what   the rows, for the log, such as `ended sessions`
    /// @param period between two cleanings
    /// @param delete deletes at most so many rows, and tells how many they were
    /// @param leads  whether this process is the one that cleans; two at once would do no harm
    public BatchCleaner(String what, Duration period, IntUnaryOperator delete, BooleanSupplier leads) {
        this.what = requireNonNull(what, "what");
        this.period = requireNonNull(period, "period");
        this.delete = requireNonNull(delete, "delete");
        this.leads = requireNonNull(leads, "leads");
        this.thread = Thread.ofVirtual().name("clean " + what).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(period);
                if (leads.getAsBoolean()) {
                    clean();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void clean() {
        try {
            int deleted = delete.applyAsInt(BATCH);
            while (deleted == BATCH) {
                deleted = delete.applyAsInt(BATCH);
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("rows", what)
                    .log("rows that are over could not be deleted; trying again later");
        }
    }
}
