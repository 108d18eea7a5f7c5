package dev.steward.resilience;

import dev.steward.testing.TestClock;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Any interleaving of calls and reports gives what some order of them one by one would give: above all, never two
/// probes at a time.
@Param(name = "caller", gen = ThreadIdGen.class)
public class CircuitBreakerLincheckTest {

    private static final int CALLERS_MAX = 8;

    private final CircuitBreaker.@Nullable Permit[] permits = new CircuitBreaker.Permit[CALLERS_MAX];
    private final CircuitBreaker breaker;

    public CircuitBreakerLincheckTest() {
        var clock = new TestClock();
        breaker = new CircuitBreaker(
                "b", new BreakerConfig(1, 2, Duration.ofSeconds(60)), clock, () -> 0L, BreakerListener.NONE);
        // Opened before a restart, its time passed: the first call is a probe.
        breaker.restore(new SavedBreaker("b", CircuitBreaker.State.OPEN, 5, null, null));
    }

    @Operation
    public boolean ask(@Param(name = "caller") int caller) {
        if (breaker.ask() instanceof CircuitBreaker.Permit permit) {
            permits[caller] = permit;
            return true;
        }
        return false;
    }

    @Operation
    public void succeed(@Param(name = "caller") int caller) {
        CircuitBreaker.Permit permit = permits[caller];
        if (permit != null) {
            permit.succeeded();
        }
    }

    @Operation
    public void fail(@Param(name = "caller") int caller) {
        CircuitBreaker.Permit permit = permits[caller];
        if (permit != null) {
            permit.failed();
        }
    }

    @Operation
    public void abandon(@Param(name = "caller") int caller) {
        CircuitBreaker.Permit permit = permits[caller];
        if (permit != null) {
            permit.abandoned();
        }
    }

    @Operation
    public String state() {
        BreakerStatus status = breaker.status();
        return status.state() + " " + status.failureCount() + " " + status.successCount();
    }

    @Operation
    public void reset() {
        breaker.reset();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(12)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .check(CircuitBreakerLincheckTest.class);
    }
}
