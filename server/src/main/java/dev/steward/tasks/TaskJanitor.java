package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the queue and removes what is past its time: dead letters, and tasks that are over.
///
/// [#round] is called once a second by one thread.
final class TaskJanitor {

    private static final Duration CLEANUP_EVERY = Duration.ofMinutes(10);

    /// Counting takes at most one part in this many of the time, however long the queue is.
    private static final int COUNT_SHARE = 50;

    private static final Logger log = LoggerFactory.getLogger(TaskJanitor.class);

    private final TaskStore store;
    private final DeadLetterStore deadLetters;
    private final DurableTaskQueue queue;
    private final TasksConfig config;
    private final TaskMetrics metrics;
    private final BooleanSupplier leads;
    private long nextCount;
    private long nextCleanup;

    /// @param leads whether this process is the one that cleans up; two at once would do no harm
    TaskJanitor(
            TaskStore store,
            DeadLetterStore deadLetters,
            DurableTaskQueue queue,
            TasksConfig config,
            TaskMetrics metrics,
            BooleanSupplier leads) {
        this.store = requireNonNull(store, "store");
        this.deadLetters = requireNonNull(deadLetters, "deadLetters");
        this.queue = requireNonNull(queue, "queue");
        this.config = requireNonNull(config, "config");
        this.metrics = requireNonNull(metrics, "metrics");
        this.leads = requireNonNull(leads, "leads");
        this.nextCount = System.nanoTime();
        this.nextCleanup = System.nanoTime();
    }

    /// What one cleanup of the dead letters did.
    record Cleanup(long cleaned, long remaining) {}

    void round() {
        metrics.sample();
        long now = System.nanoTime();
        if (now - nextCount >= 0) {
            TaskStore.Sizes sizes = store.sizes();
            queue.counted(sizes.waiting());
            queue.countBacklogs();
            metrics.sizes(sizes);
            long took = System.nanoTime() - now;
            nextCount = now + took * COUNT_SHARE;
        }
        if (now - nextCleanup >= 0 && leads.getAsBoolean()) {
            nextCleanup = now + CLEANUP_EVERY.toNanos();
            cleanDeadLetters();
            long removed = deadLetters.removeFinished(config.keepFinished());
            deadLetters.removeTraces();
            if (removed > 0) {
                log.atInfo().addKeyValue("tasks", removed).log("old finished tasks were removed");
            }
        }
    }

    /// Removes dead letters that are too old or too many.
    Cleanup cleanDeadLetters() {
        long start = System.nanoTime();
        try {
            dismissFollowed();
            Cleanup done = deadLetters.clean(
                    config.deadLetters().retentionPeriod(), config.deadLetters().maxSize());
            metrics.cleanedUp(done.cleaned(), done.remaining(), System.nanoTime() - start);
            if (done.cleaned() > 0) {
                log.atInfo()
                        .addKeyValue("cleaned", done.cleaned())
                        .addKeyValue("remaining", done.remaining())
                        .log("dead letters were cleaned up");
            }
            return done;
        } catch (RuntimeException e) {
            metrics.cleanupFailed(System.nanoTime() - start);
            throw e;
        }
    }

    /// A dead letter that others follow is dismissed instead of removed, so that nobody waits for it for ever, not even
    /// one who is just beginning to. What is left of it goes with the finished tasks.
    private void dismissFollowed() {
        for (Task dead : deadLetters.followed(
                config.deadLetters().retentionPeriod(), config.deadLetters().maxSize())) {
            Optional<UserId> owner = Optional.of(dead.owner());
            queue.dismiss(() -> {
                deadLetters.lockLinked(owner, List.of(dead.id()), Optional.empty());
                return deadLetters.dismiss(owner, List.of(dead.id()), Optional.empty());
            });
        }
    }
}
