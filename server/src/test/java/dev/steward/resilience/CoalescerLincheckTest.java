package dev.steward.resilience;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// One call at a time for a key; it is cancelled exactly when its last participant leaves, and never after it landed.
@Param(name = "caller", gen = ThreadIdGen.class)
public class CoalescerLincheckTest {

    private static final int CALLERS_MAX = 8;
    private static final String KEY = "k";

    /// Stands for a call under way, which the test ends by hand.
    private static final class Call implements Coalescer.Call<String> {
        private boolean cancelled;

        @Override
        public String run() {
            throw new IllegalStateException("ended by hand");
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final Coalescer<String, String> coalescer = new Coalescer<>();
    private final Coalescer<String, String>.@Nullable Seat[] seats = seats();

    @SuppressWarnings("unchecked")
    private static Coalescer<String, String>.@Nullable Seat[] seats() {
        return (Coalescer<String, String>.@Nullable Seat[]) new Coalescer<?, ?>.Seat[CALLERS_MAX];
    }

    @Operation
    public boolean join(@Param(name = "caller") int caller) {
        if (seats[caller] != null) {
            return false;
        }
        seats[caller] = coalescer.join(KEY, Call::new);
        return true;
    }

    @Operation
    public void leave(@Param(name = "caller") int caller) {
        Coalescer<String, String>.Seat seat = seats[caller];
        if (seat != null) {
            seats[caller] = null;
            seat.leave();
        }
    }

    @Operation
    public boolean cancelled(@Param(name = "caller") int caller) {
        Coalescer<String, String>.Seat seat = seats[caller];
        return seat != null && seat.call() instanceof Call call && call.cancelled;
    }

    @Operation
    public void land(@Param(name = "caller") int caller) {
        Coalescer<String, String>.Seat seat = seats[caller];
        if (seat != null) {
            seat.land("x", null);
        }
    }

    @Operation
    public int waiting() {
        return coalescer.waiting();
    }

    @Operation
    public int inFlight() {
        return coalescer.inFlight();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .check(CoalescerLincheckTest.class);
    }
}
