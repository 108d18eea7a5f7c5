package dev.steward.tasks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/// Figures of how ready tasks reach a process. Safe for use by many threads.
final class DispatchMetrics {

    private final Counter sent;
    private final Counter handed;
    private final Counter failures;
    private volatile BooleanSupplier redis = () -> false;

    DispatchMetrics(MeterRegistry registry) {
        gauge(registry, "redis", () -> redis.getAsBoolean());
        gauge(registry, "postgresql", () -> !redis.getAsBoolean());
        sent = Counter.builder("task_dispatch_sent")
                .description("Ids of ready tasks that this process gave to Redis")
                .register(registry);
        handed = Counter.builder("task_dispatch_handed")
                .description("Ids of ready tasks that Redis gave to this process")
                .register(registry);
        failures = Counter.builder("task_dispatch_failures")
                .description("How often this process gave Redis up")
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, String dispatch, BooleanSupplier active) {
        Gauge.builder("task_dispatch_active", () -> active.getAsBoolean() ? 1 : 0)
                .description("1 for the way by which this process hands out ready tasks now")
                .tag("dispatch", dispatch)
                .register(registry);
    }

    /// @param active whether Redis hands out
    void watch(BooleanSupplier active) {
        redis = active;
    }

    void sent(int tasks) {
        sent.increment(tasks);
    }

    void handed(int tasks) {
        handed.increment(tasks);
    }

    void failed() {
        failures.increment();
    }
}
