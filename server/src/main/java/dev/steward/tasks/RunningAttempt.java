package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// An attempt that this process runs, from its claim until its ending is written. Safe for use by many
/// threads.
final class RunningAttempt implements TaskAttempt {

    /// Why an attempt is to end before its handler is done.
    enum Stop {
        CANCELLED,
        TIMED_OUT,
        DEADLINE,
        /// Another worker has the task, or may have it.
        LOST,
        STOPPING
    }

    private final ClaimedTask task;
    private final TaskHandler handler;
    private final long startedNanos;
    private final LongSupplier nanoTime;
    private final AttemptLog lines = new AttemptLog();
    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile long stopNanos;
    private volatile @Nullable Thread thread;
    private volatile double progress;
    private volatile boolean progressed;

    /// @param nanoTime as [System#nanoTime]
    RunningAttempt(ClaimedTask task, TaskHandler handler, LongSupplier nanoTime) {
        this.task = requireNonNull(task, "task");
        this.handler = requireNonNull(handler, "handler");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.startedNanos = nanoTime.getAsLong();
    }

    @Override
    public TaskId task() {
        return task.lease().task();
    }

    @Override
    public UserId owner() {
        return task.lease().owner();
    }

    @Override
    public String input() {
        return task.input();
    }

    @Override
    public int number() {
        return Math.toIntExact(task.lease().fence());
    }

    @Override
    public long fence() {
        return task.lease().fence();
    }

    @Override
    public String correlation() {
        return task.correlation().orElseGet(() -> task.lease().task().toString());
    }

    @Override
    public boolean cancelled() {
        return stop.get() == Stop.CANCELLED;
    }

    @Override
    public void progress(double done) {
        if (!(done >= 0 && done <= 1)) {
            throw new IllegalArgumentException("progress must be 0 to 1, was " + done);
        }
        progress = done;
        progressed = true;
    }

    @Override
    public void log(String line) {
        lines.add(line, nanoTime.getAsLong());
    }

    AttemptLog lines() {
        return lines;
    }

    ClaimedTask claimed() {
        return task;
    }

    Lease lease() {
        return task.lease();
    }

    TaskHandler handler() {
        return handler;
    }

    long startedNanos() {
        return startedNanos;
    }

    /// The progress reported since the last call, or -1.
    double takeProgress() {
        if (!progressed) {
            return -1;
        }
        progressed = false;
        return progress;
    }

    void begins(Thread runner) {
        thread = runner;
        if (stop.get() != null) {
            runner.interrupt();
        }
    }

    /// Its handler has returned: from here on nobody interrupts the thread.
    void ends() {
        thread = null;
    }

    /// Interrupts the handler. The first reason stands, but for a lost lease, which beats all others: then nothing
    /// may be written.
    void stop(Stop reason, long nowNanos) {
        if (stop.compareAndSet(null, reason)) {
            stopNanos = nowNanos;
        } else if (reason == Stop.LOST) {
            stop.set(reason);
        }
        Thread runner = thread;
        if (runner != null) {
            runner.interrupt();
        }
    }

    @Nullable Stop stop() {
        return stop.get();
    }

    /// Whether it was told to stop at least this long ago.
    boolean stoppedFor(Duration span, long nowNanos) {
        return stop.get() != null && nowNanos - stopNanos >= span.toNanos();
    }

    boolean isSettled() {
        return settled.get();
    }

    /// Decides that its ending is fixed now.
    ///
    /// @return whether this call fixed it
    boolean settle() {
        return settled.compareAndSet(false, true);
    }
}
