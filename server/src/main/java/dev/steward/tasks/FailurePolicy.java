package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.database.DatabaseErrors;
import java.time.Duration;
import java.util.Optional;
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
    Ending failed(ClaimedTask task, TaskHandler handler, Throwable failure) {
        if (handler.repeatable()
                && task.lease().fence() <= OUTAGES_MAX
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
            return again(task, handler, Outcome.FAILED, known.code(), message, atLeast);
        }
        // The text of an unforeseen exception may hold anything, so people see its kind only; the log has the rest.
        String message = Saying.UNFORESEEN_FAULT.english(failure.getClass().getSimpleName());
        return handler.repeatable()
                ? again(task, handler, Outcome.FAILED, ErrorCode.TASK_EXECUTION_FAILED, message, Duration.ZERO)
                : unknown(task, Outcome.FAILED, ErrorCode.TASK_EXECUTION_FAILED, message);
    }

    Ending timedOut(ClaimedTask task, TaskHandler handler) {
        String message = Saying.ATTEMPT_TOO_LONG.english(handler.timeout().toMillis());
        return handler.repeatable()
                ? again(task, handler, Outcome.TIMED_OUT, ErrorCode.TASK_TIMEOUT, message, Duration.ZERO)
                : unknown(task, Outcome.TIMED_OUT, ErrorCode.TASK_TIMEOUT, message);
    }

    /// The server stopped while it ran.
    Ending stopped(ClaimedTask task, TaskHandler handler) {
        return handler.repeatable()
                ? Ending.released(task)
                : unknown(task, Outcome.RELEASED, ErrorCode.TASK_EXECUTION_FAILED, Saying.SERVER_STOPPED.english());
    }

    /// Its worker was lost, and its type must not be repeated.
    Ending lostForGood(ClaimedTask task) {
        return unknown(task, Outcome.LOST, ErrorCode.TASK_EXECUTION_FAILED, Saying.WORKER_LOST.english());
    }

    private static Ending unknown(ClaimedTask task, Outcome outcome, ErrorCode code, String message) {
        return Ending.dead(
                task,
                TaskStatus.RUNNING,
                outcome,
                Cause.UNKNOWN_OUTCOME,
                code,
                message + " " + Saying.OUTCOME_UNKNOWN.english());
    }

    /// @param from where the deadline found it
    Ending pastDeadline(ClaimedTask task, TaskStatus from) {
        return Ending.dead(
                task, from, Outcome.DEADLINE, Cause.DEADLINE, ErrorCode.TASK_TIMEOUT, Saying.DEADLINE_MISSED.english());
    }

    /// Its worker was lost once too often.
    Ending poison(ClaimedTask task) {
        String message = Saying.WORKER_LOST_OFTEN.english(task.crashRecoveries() + 1);
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
                Saying.RESULT_UNSTORABLE.english());
    }

    /// Workers that a task may have lost before, and yet run again after the next loss.
    int crashesAllowed() {
        return config.crashRecoveriesMax() - 1;
    }

    private Ending again(
            ClaimedTask task, TaskHandler handler, Outcome outcome, ErrorCode code, String message, Duration atLeast) {
        if (task.retryCount() >= task.maxRetries()) {
            return Ending.dead(task, TaskStatus.RUNNING, outcome, Cause.RETRIES_EXHAUSTED, code, message);
        }
        Duration wait = jittered(task.retryCount(), handler);
        return Ending.retry(task, outcome, wait.compareTo(atLeast) < 0 ? atLeast : wait, code, message);
    }

    /// Full jitter: evenly from 0 to the backoff, so that tasks that failed together don't come back
    /// together.
    /// Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015).
    private Duration jittered(int failures, TaskHandler handler) {
        Optional<RetryPolicy> own = handler.retry();
        return upTo(ceilingMillis(
                failures,
                own.map(RetryPolicy::base).orElse(config.retry().base()),
                own.map(RetryPolicy::max).orElse(config.retry().max())));
    }

    private Duration upTo(long ceiling) {
        lock.lock();
        try {
            return Duration.ofMillis(ceiling == 0 ? 0 : random.nextLong(ceiling + 1));
        } finally {
            lock.unlock();
        }
    }

    private static long ceilingMillis(int failures, Duration first, Duration longest) {
        long base = first.toMillis();
        long max = longest.toMillis();
        int doublings = Math.min(failures, DOUBLINGS_MAX);
        return base > max >> doublings ? max : base << doublings;
    }

    private static String shortened(String message) {
        return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX);
    }
}
