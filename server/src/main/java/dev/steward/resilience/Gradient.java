package dev.steward.resilience;

/// Finds how many calls at once a backend can take from how its latency moves: when calls get slower than they are in
/// the long run, the limit sinks; when not, it grows by a small allowance for queueing.
///
/// `gradient = clamp(tolerance · long / short, 0.5, 1)`, `limit ← limit · (1 − s) + s · (gradient · limit +
/// queue)`. Not safe for use by many threads: its owner holds a lock. Source: Netflix concurrency-limits, algorithm
/// "Gradient2", with its figures; added here: a call that the backend refused for want of room lowers the limit at
/// once.
final class Gradient {

    private static final double SMOOTHING = 0.2;
    private static final double TOLERANCE = 1.5;
    private static final int QUEUE_ALLOWANCE = 4;
    private static final int LONG_WINDOW = 600;
    private static final int WARM_UP = 10;
    private static final double REFUSAL_FACTOR = 0.9;
    private static final double DRIFT_FACTOR = 0.95;

    private final int min;
    private final int max;
    private double limit;
    private double longNanos;
    private int samples;

    Gradient(int initial, int min, int max) {
        this.limit = initial;
        this.min = min;
        this.max = max;
    }

    int limit() {
        return (int) limit;
    }

    /// The long-run latency; zero before the first sample.
    double longNanos() {
        return longNanos;
    }

    /// Learns from one call that worked, with `inFlight` calls under way as it ended.
    void worked(long nanos, int inFlight) {
        double latency = Math.max(1, nanos);
        remember(latency);
        if (longNanos / latency > 2) {
            longNanos *= DRIFT_FACTOR; // An old outage must not make today's normal look fast for long.
        }
        if (inFlight < limit / 2) {
            return; // Too little load to learn from: the limit is not what held the calls back.
        }
        double gradient = Math.clamp(TOLERANCE * longNanos / latency, 0.5, 1.0);
        double next = gradient * limit + QUEUE_ALLOWANCE;
        limit = Math.clamp(limit * (1 - SMOOTHING) + next * SMOOTHING, min, max);
    }

    /// Learns that the backend refused a call for want of room.
    void refused() {
        limit = Math.clamp(limit * REFUSAL_FACTOR, min, max);
    }

    private void remember(double latency) {
        if (samples < WARM_UP) {
            samples++;
            longNanos += (latency - longNanos) / samples;
        } else {
            longNanos += (latency - longNanos) * 2 / (LONG_WINDOW + 1);
        }
    }
}
