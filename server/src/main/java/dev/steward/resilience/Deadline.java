package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The moment by which a piece of work must be over, in monotonic time: setting the wall clock does not move it.
///
/// It travels with the work as a parameter (RES-3), so that every wait on the way can be seen to respect it.
/// Immutable.
public final class Deadline {

    /// Longest time that a deadline may lie ahead; longer ones are cut to it.
    public static final Duration AHEAD_MAX = Duration.ofDays(30);

    private final long atNanos;
    private final Duration length;
    private final LongSupplier nanoTime;

    private Deadline(long atNanos, Duration length, LongSupplier nanoTime) {
        this.atNanos = atNanos;
        this.length = length;
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /// A deadline `duration` from now; one of zero or less has passed already.
    public static Deadline in(Duration duration) {
        return in(duration, System::nanoTime);
    }

    /// The same by another monotonic time.
    public static Deadline in(Duration duration, LongSupplier nanoTime) {
        return new Deadline(nanoTime.getAsLong() + cut(duration).toNanos(), cut(duration), nanoTime);
    }

    /// This deadline, or one `duration` from now if that is sooner.
    public Deadline sooner(Duration duration) {
        long other = nanoTime.getAsLong() + cut(duration).toNanos();
        return other - atNanos < 0 ? new Deadline(other, cut(duration), nanoTime) : this;
    }

    /// How far ahead it lay when it was set.
    public Duration length() {
        return length;
    }

    /// What is left; zero when it has passed.
    public Duration left() {
        long nanos = leftNanos();
        return nanos == 0 ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    /// What is left, in nanoseconds; zero when it has passed.
    public long leftNanos() {
        return Math.max(0, atNanos - nanoTime.getAsLong());
    }

    public boolean passed() {
        return leftNanos() == 0;
    }

    private static Duration cut(Duration duration) {
        return duration.compareTo(AHEAD_MAX) > 0 ? AHEAD_MAX : duration.isNegative() ? Duration.ZERO : duration;
    }

    @Override
    public String toString() {
        return "Deadline in " + left();
    }
}
