package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import dev.steward.base.Version;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Figures of the machine and of the Java process.
///
/// `system_event_loop_lag` is, in this product, the time that a new virtual thread waits for a carrier: what every
/// request and task waits before its first instruction. It is sampled each second; the worst of the last ten is shown.
final class SystemMeters implements AutoCloseable {

    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);
    private static final Duration LAG_MAX = Duration.ofSeconds(30);
    private static final int SAMPLES = 10;
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("system-meters").factory());
    private final long[] lags = new long[SAMPLES];
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private int next;

    SystemMeters(MeterRegistry meters) {
        requireNonNull(meters, "meters");
        Gauge.builder("system.cpu.usage", system, s -> Math.max(0, s.getCpuLoad()))
                .description("Share of the machine's processors that is busy, 0 to 1")
                .register(meters);
        Gauge.builder("process.cpu.usage", system, s -> Math.max(0, s.getProcessCpuLoad()))
                .description("Share of the machine's processors that Steward's JVM uses, 0 to 1")
                .register(meters);
        Gauge.builder("system.memory.usage", this, SystemMeters::memoryUsage)
                .description("Share of the memory that is in use and not given back on demand, 0 to 1")
                .register(meters);
        TimeGauge.builder("system.event.loop.lag", this, TimeUnit.NANOSECONDS, SystemMeters::worstLag)
                .description("Longest wait of a new virtual thread for a carrier, of the last ten samples")
                .register(meters);
        Gauge.builder("steward.info", () -> 1)
                .description("Which Steward this is")
                .tags(
                        "version",
                        Version.current().number(),
                        "commit",
                        Version.current().commit())
                .register(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        gc.bindTo(meters);
    }

    void start() {
        long every = SAMPLE_EVERY.toMillis();
        var _ = sampler.scheduleWithFixedDelay(this::sample, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        sampler.shutdownNow();
        gc.close();
    }

    private void sample() {
        long began = System.nanoTime();
        var running = new CountDownLatch(1);
        Thread.ofVirtual().start(running::countDown);
        try {
            boolean _ = running.await(LAG_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        synchronized (lags) {
            lags[next++ % SAMPLES] = System.nanoTime() - began;
        }
    }

    private double worstLag() {
        synchronized (lags) {
            long worst = 0;
            for (long lag : lags) {
                worst = Math.max(worst, lag);
            }
            return worst;
        }
    }

    /// From the kernel's own estimate where there is one; in a container, whose limit the kernel's file does not know,
    /// from the JVM.
    private double memoryUsage() {
        double total = system.getTotalMemorySize();
        double free = system.getFreeMemorySize();
        try {
            long kernelTotal = 0;
            long available = 0;
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemTotal:")) {
                    kernelTotal = bytes(line);
                } else if (line.startsWith("MemAvailable:")) {
                    available = bytes(line);
                }
            }
            if (kernelTotal > 0 && kernelTotal <= total) {
                total = kernelTotal;
                free = available;
            }
        } catch (IOException _) {
            // Not Linux: the JVM's figures stand.
        }
        return total <= 0 ? 0 : 1 - free / total;
    }

    private static long bytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
