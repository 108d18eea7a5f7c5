package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.time.Duration;

/// The settings of the durable queue.
public record TasksConfig(
        @Setting(
                value =
                        "Tasks of all types that one process runs at once, 1 to 100000; each type has its own limit below"
                                + " this.",
                fallback = "2000")
        int workers,

        @Setting(
                value = "Waiting tasks, scheduled ones included, from which on new ones are refused with"
                        + " service_unavailable.",
                fallback = "1000000")
        long queueMax,

        @Setting(
                value =
                        "How long a running task is left to a worker that gives no sign of life, at least 1000 ms; signs"
                                + " are given five times as often.",
                fallback = "15000")
        Duration lease,

        @Setting(
                value = "Longest delay until a task is found whose hand-off got lost, 10 to 60000 ms.",
                fallback = "1000")
        Duration poll,

        @Setting(
                value = "How long a task may be due without starting until it gets its share of one start in ten,"
                        + " whatever its priority; at least 1000 ms.",
                fallback = "60000")
        Duration ageing,

        @Setting(value = "How long running tasks may go on when the server stops.", fallback = "10000")
        Duration drain,

        @Setting(
                value = "How often a task may take its worker down, without progress in between, before it becomes a"
                        + " dead letter.",
                fallback = "3")
        int crashRecoveriesMax,

        @Setting(
                value = "How long completed, cancelled and dismissed tasks are kept; at least one hour.",
                fallback = "2592000000")
        Duration keepFinished,

        @Setting(value = "Whether operators may create tasks that kill their worker, for drills.", fallback = "false")
        boolean drills,

        @Setting("How failed attempts are repeated.") Retry retry,

        @Setting("What becomes of tasks that can't be completed.")
        DeadLetters deadLetters) {

    public static final Section<TasksConfig> SECTION = new Section<>("tasks", TasksConfig.class);

    /// What stands when nobody sets anything.
    public static final TasksConfig DEFAULTS = new TasksConfig(
            2000,
            1_000_000,
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            3,
            Duration.ofDays(30),
            false,
            new Retry(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            new DeadLetters(10_000, Duration.ofDays(30), 10, Duration.ofSeconds(1)));

    public TasksConfig {
        requireNonNull(retry, "retry");
        requireNonNull(deadLetters, "deadLetters");
        check(workers >= 1 && workers <= 100_000, "workers must be 1 to 100000");
        check(queueMax >= 1, "queue_max must be at least 1");
        check(lease.toMillis() >= 1000, "lease_ms must be at least 1000");
        check(poll.toMillis() >= 10 && poll.toMillis() <= 60_000, "poll_ms must be 10 to 60000");
        check(ageing.toMillis() >= 1000, "ageing_ms must be at least 1000");
        check(!drain.isNegative(), "drain_ms must not be negative");
        check(crashRecoveriesMax >= 1 && crashRecoveriesMax <= 1000, "crash_recoveries_max must be 1 to 1000");
        check(keepFinished.toHours() >= 1, "keep_finished_ms must be at least 3600000");
    }

    /// Full jitter: the wait before retry n is drawn evenly from 0 to base · 2ⁿ, at most max.
    public record Retry(
            @Setting(value = "Upper end of the wait before the first retry.", fallback = "1000")
            Duration base,

            @Setting(value = "Upper end of the wait before any retry.", fallback = "600000")
            Duration max) {

        public Retry {
            check(!base.isNegative() && max.compareTo(base) >= 0, "base_ms must be 0 to max_ms");
        }
    }

    public record DeadLetters(
            @Setting(value = "Dead letters kept; the cleanup removes the oldest above this.", fallback = "10000")
            int maxSize,

            @Setting(value = "How long a dead letter is kept.", fallback = "2592000000")
            Duration retentionPeriod,

            @Setting(value = "How often one dead letter may be sent back.", fallback = "10")
            int retryLimit,

            @Setting(
                    value =
                            "Wait before a dead letter that is sent back runs; doubles with each time, at most one hour.",
                    fallback = "1000")
            Duration backoff) {

        public DeadLetters {
            check(maxSize >= 0, "max_size must not be negative");
            check(!retentionPeriod.isNegative(), "retention_period_ms must not be negative");
            check(retryLimit >= 0 && retryLimit <= 1000, "retry_limit must be 0 to 1000");
            check(!backoff.isNegative(), "backoff_ms must not be negative");
        }
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
