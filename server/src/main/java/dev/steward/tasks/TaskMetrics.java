package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The figures of the queue, by the names of OBS-2. Safe for use by many threads.
final class TaskMetrics {

    /// Rates are over the last this many samples, of one second each.
    private static final int SAMPLES = 60;

    private final MeterRegistry registry;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong dead = new AtomicLong();
    private final AtomicLong remaining = new AtomicLong();
    private final Deque<long[]> samples = new ArrayDeque<>();
    private final Counter cleaned;
    private final Counter cleanupSuccess;
    private final Counter cleanupFailure;
    private final Timer cleanupDuration;
    private volatile double processedPerMinute;
    private volatile double failedPerMinute;

    TaskMetrics(MeterRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
        samples.addLast(new long[] {0, 0});
        Gauge.builder("task_queue_size", waiting, AtomicLong::get)
                .description("Tasks that wait, scheduled ones included")
                .register(registry);
        Gauge.builder("task_processing_rate", this, m -> m.processedPerMinute)
                .description("Tasks completed in the last minute by this process")
                .register(registry);
        Gauge.builder("task_error_rate", this, m -> m.failedPerMinute)
                .description("Attempts failed in the last minute in this process")
                .register(registry);
        Gauge.builder("dlq_size", dead, AtomicLong::get)
                .description("Dead letters")
                .register(registry);
        Gauge.builder("dlq_tasks_remaining", remaining, AtomicLong::get)
                .description("Dead letters that the last cleanup left")
                .register(registry);
        cleaned = Counter.builder("dlq_tasks_cleaned")
                .description("Dead letters removed by cleanups")
                .register(registry);
        cleanupSuccess = Counter.builder("dlq_cleanup_success")
                .description("Cleanups that ran to their end")
                .register(registry);
        cleanupFailure = Counter.builder("dlq_cleanup_failure")
                .description("Cleanups that failed")
                .register(registry);
        cleanupDuration = Timer.builder("dlq_cleanup_duration")
                .description("How long cleanups took")
                .register(registry);
    }

    void attemptEnded(String type, Outcome outcome, long nanos) {
        durations
                .computeIfAbsent(
                        type + '|' + outcome.wire(),
                        _ -> Timer.builder("task_processing_duration")
                                .description("How long attempts ran")
                                .tag("type", type)
                                .tag("outcome", outcome.wire())
                                .publishPercentileHistogram()
                                .minimumExpectedValue(Duration.ofMillis(1))
                                .maximumExpectedValue(Duration.ofMinutes(10))
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void completed(int tasks) {
        completed.add(tasks);
    }

    void failed(int attempts) {
        failed.add(attempts);
    }

    /// Takes a sample; called once a second by one thread.
    void sample() {
        long[] now = {completed.sum(), failed.sum()};
        samples.addLast(now);
        if (samples.size() > SAMPLES + 1) {
            samples.removeFirst();
        }
        long[] then = samples.getFirst();
        double minutes = Math.max(1, samples.size() - 1) / (double) SAMPLES;
        processedPerMinute = (now[0] - then[0]) / minutes;
        failedPerMinute = (now[1] - then[1]) / minutes;
    }

    void sizes(TaskStore.Sizes sizes) {
        waiting.set(sizes.waiting());
        dead.set(sizes.dead());
    }

    void cleanedUp(long removed, long left, long nanos) {
        cleaned.increment((double) removed);
        remaining.set(left);
        dead.set(left);
        cleanupSuccess.increment();
        cleanupDuration.record(nanos, TimeUnit.NANOSECONDS);
    }

    void cleanupFailed(long nanos) {
        cleanupFailure.increment();
        cleanupDuration.record(nanos, TimeUnit.NANOSECONDS);
    }
}
