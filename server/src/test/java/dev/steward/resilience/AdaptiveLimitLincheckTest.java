package dev.steward.resilience;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Never more calls than the limit, and no room is lost, whoever comes, measures, is refused or leaves at once.
@Param(name = "caller", gen = ThreadIdGen.class)
public class AdaptiveLimitLincheckTest {

    private static final int CALLERS_MAX = 8;
    private static final Deadline NOW = Deadline.in(Duration.ZERO, () -> 0L);

    private final AdaptiveLimit.@Nullable Slot[] slots = new AdaptiveLimit.Slot[CALLERS_MAX];
    private final AdaptiveLimit limit = new AdaptiveLimit(new AdaptiveLimitConfig(2, 1, 3, 0, Duration.ZERO), () -> 0L);

    @Operation
    public boolean enter(@Param(name = "caller") int caller) throws InterruptedException {
        if (slots[caller] == null && limit.enter(Importance.NORMAL, NOW) instanceof AdaptiveLimit.Slot slot) {
            slots[caller] = slot;
            return true;
        }
        return false;
    }

    @Operation
    public void measured(@Param(name = "caller") int caller) {
        AdaptiveLimit.Slot slot = slots[caller];
        if (slot != null) {
            slot.measured(Duration.ofMillis(10));
        }
    }

    @Operation
    public void overloaded(@Param(name = "caller") int caller) {
        AdaptiveLimit.Slot slot = slots[caller];
        if (slot != null) {
            slot.overloaded();
        }
    }

    @Operation
    public void close(@Param(name = "caller") int caller) {
        AdaptiveLimit.Slot slot = slots[caller];
        if (slot != null) {
            slot.close();
            slots[caller] = null;
        }
    }

    @Operation
    public String status() {
        return limit.status().toString();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .check(AdaptiveLimitLincheckTest.class);
    }
}
