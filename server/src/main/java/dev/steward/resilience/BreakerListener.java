package dev.steward.resilience;

/// Hears of every change of a breaker's state, in the thread that caused it: must be quick and must not throw.
@FunctionalInterface
public interface BreakerListener {

    /// Nobody listens.
    BreakerListener NONE = (_, _, _) -> {};

    /// A breaker went from one state to another, or was reset by hand while CLOSED: then `from` equals `to`.
    void changed(CircuitBreaker breaker, CircuitBreaker.State from, CircuitBreaker.State to);
}
