package dev.steward.resilience;

/// Hears of every try to recover, in the thread that made it: must be quick and must not throw.
@FunctionalInterface
public interface RecoveryListener {

    /// Nobody listens.
    RecoveryListener NONE = _ -> {};

    void attempted(RecoveryAttempt attempt);
}
