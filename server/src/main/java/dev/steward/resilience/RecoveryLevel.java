package dev.steward.resilience;

/// The five ways to deal with a failure, from the cheapest to the last (RES-9). Part of the wire: `level` is 1 to 5.
public enum RecoveryLevel {
    /// Wait 100 ms, try once more: for what passes by itself at once.
    IMMEDIATE_RETRY(1),
    /// Try again after 1, 2, 4, 8 and 16 s: for contention.
    BACKOFF_RETRY(2),
    /// Give a cached answer or a default: for an outage.
    FALLBACK(3),
    /// Switch the failing feature off, go on without it, and say so.
    DEGRADED(4),
    /// Nothing automatic helps: full diagnostics, an operator's attention, suggested fixes.
    MANUAL(5);

    private final int level;

    RecoveryLevel(int level) {
        this.level = level;
    }

    /// 1 to 5.
    public int level() {
        return level;
    }
}
