package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import java.time.Duration;
import java.util.List;

/// A call was not made because its breaker is open: the other side failed too often just before.
public final class CircuitOpenException extends StewardException {

    private static final long serialVersionUID = 1L;

    private final String breaker;

    public CircuitOpenException(String breaker, Duration retryAfter) {
        super(
                ErrorCode.SERVICE_UNAVAILABLE,
                ErrorCode.SERVICE_UNAVAILABLE.status(),
                breaker
                        + " failed several times in a row and is left alone for now. Nothing was sent; it is tried again"
                        + " by itself in " + Math.max(1, retryAfter.toSeconds()) + " s.",
                retryAfter,
                List.of(),
                null);
        this.breaker = requireNonNull(breaker, "breaker");
    }

    /// The name of the breaker.
    public String breaker() {
        return breaker;
    }
}
