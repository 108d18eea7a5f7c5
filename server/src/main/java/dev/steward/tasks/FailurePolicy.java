package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.database.DatabaseErrors;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Decides what becomes of a task whose attempt did not complete it. Safe for use by many threads.
final class FailurePolicy {

    /// Longest message that is kept with a task, in characters.
    static final int MESSAGE_MAX = 2000;

    /// From this attempt on, one that the database was taken from counts as failed all the same: perhaps it is the
    /// task that takes the database down.
    static final int OUTAGES_MAX = 100;

    /// 2³⁰ · base is past every useful maximum.
    private static final int DOUBLINGS_MAX = 30;

    private final TasksConfig config;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    FailurePolicy(TasksConfig config, RandomGenerator random) {
        this.config = requireNonNull(config, "config");
        this.random = requireNonNull(random, "random");
    }

    /// The handler threw. That the database went away is nobody's failure: such an attempt is not counted, and the
    /// next one comes soon after the database does.
    Ending failed(ClaimedTask task, Throwable failure) {
        if (task.lease().fence() <= OUTAGES_MAX
                && DatabaseErrors.unavailable(failure).isPresent()) {
            return Ending.postponed(task, upTo(DatabaseErrors.RETRY_AFTER.toMillis()));
        }
        if (failure instanceof StewardException known) {
            Duration atLeast = known.retryAfter().orElse(Duration.ZERO);
            String message = shortened(String.valueOf(known.getMessage()));
            if (!known.code().recovery().retryable()) {
                return Ending.dead(
                        task, TaskStatus.RUNNING, Outcome.FAILED, Cause.NOT_RETRYABLE, known.code(), message);
            }
            return again(task, Outcome.FAILED, known.code(), message, atLeast);
        }
        // The text of an unforeseen exception may hold anything, so people see its kind only; the log has the rest.
        String message = "An unforeseen fault stopped this attempt ("
                + failure.getClass().getSimpleName() + "). The server's log has the details.";
        return again(task, Outcome.FAILED, ErrorCode.TASK_EXECUTION_FAILED, message, Duration.ZERO);
    }

    Ending timedOut(ClaimedTask task, Duration timeout) {
        String message = "The attempt was stopped because it took longer than " + timeout.toMillis() + " ms.";
        return again(task, Outcome.TIMED_OUT, ErrorCode.TASK_TIMEOUT, message, Duration.ZERO);
    }

    /// @param from where the deadline found it
    Ending pastDeadline(ClaimedTask task, TaskStatus from) {
        return Ending.dead(
                task,
                from,
                Outcome.DEADLINE,
                Cause.DEADLINE,
                ErrorCode.TASK_TIMEOUT,
                "The task was not finished by its deadline.");
    }

    /// Its worker was lost once too often.
    Ending poison(ClaimedTask task) {
        String message = "The worker that ran this task was lost " + (task.crashRecoveries() + 1)
                + " times without progress in between, so the task is kept apart.";
        return Ending.dead(
                task, TaskStatus.RUNNING, Outcome.LOST, Cause.POISON, ErrorCode.TASK_EXECUTION_FAILED, message);
    }

    /// It completed, but the table can't hold its result.
    Ending unstorable(ClaimedTask task) {
        return Ending.dead(
                task,
                TaskStatus.RUNNING,
                Outcome.FAILED,
                Cause.NOT_RETRYABLE,
                ErrorCode.INTERNAL_ERROR,
                "The task ran, but its result can't be stored.");
    }

    /// Workers that a task may have lost before, and yet run again after the next loss.
    int crashesAllowed() {
        return config.crashRecoveriesMax() - 1;
    }

    private Ending again(ClaimedTask task, Outcome outcome, ErrorCode code, String message, Duration atLeast) {
        if (task.retryCount() >= task.maxRetries()) {
            return Ending.dead(task, TaskStatus.RUNNING, outcome, Cause.RETRIES_EXHAUSTED, code, message);
        }
        Duration wait = jittered(task.retryCount());
        return Ending.retry(task, outcome, wait.compareTo(atLeast) < 0 ? atLeast : wait, code, message);
    }

    /// Full jitter: evenly from 0 to the backoff, so that tasks that failed together don't come back
    /// together.
    /// Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015).
    private Duration jittered(int failures) {
        return upTo(ceilingMillis(failures));
    }

    private Duration upTo(long ceiling) {
        lock.lock();
        try {
            return Duration.ofMillis(ceiling == 0 ? 0 : random.nextLong(ceiling + 1));
        } finally {
            lock.unlock();
        }
    }

    private long ceilingMillis(int failures) {
        long base = config.retry().base().toMillis();
        long max = config.retry().max().toMillis();
        int doublings = Math.min(failures, DOUBLINGS_MAX);
        return base > max >> doublings ? max : base << doublings;
    }

    private static String shortened(String message) {
        return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX);
    }
}
