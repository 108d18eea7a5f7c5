package dev.steward.resilience;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// One call at a time for a key; it is cancelled exactly when its last waiter leaves, and never after it has landed.
@Param(name = "caller", gen = ThreadIdGen.class)
public class CoalescerLincheckTest {

    private static final int CALLERS_MAX = 8;
    private static final String KEY = "k";

    /// Stands for a call under way, which the test ends by hand.
    private static final class Call implements Runnable {
        private final int number;
        private boolean cancelled;

        Call(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            cancelled = true;
        }
    }

    private final Coalescer.@Nullable Flight<?, ?>[] flights = new Coalescer.Flight<?, ?>[CALLERS_MAX];
    private final Coalescer<String, String> coalescer = new Coalescer<>((Runnable _) -> new Call(nextCall()));
    private int calls;

    private int nextCall() {
        return ++calls; // The coalescer launches calls under its lock.
    }

    @Operation
    public int board(@Param(name = "caller") int caller) {
        if (flights[caller] != null) {
            return -1;
        }
        Coalescer.Flight<String, String> flight = coalescer.board(KEY, () -> "");
        flights[caller] = flight;
        return call(flight).number;
    }

    @Operation
    public void leave(@Param(name = "caller") int caller) {
        Coalescer.Flight<String, String> flight = flight(caller);
        if (flight != null) {
            flights[caller] = null;
            coalescer.leave(flight);
        }
    }

    @Operation
    public boolean cancelled(@Param(name = "caller") int caller) {
        Coalescer.Flight<String, String> flight = flight(caller);
        return flight != null && call(flight).cancelled;
    }

    @Operation
    public void land(@Param(name = "caller") int caller) {
        Coalescer.Flight<String, String> flight = flight(caller);
        if (flight != null) {
            coalescer.land(flight, new Coalescer.Outcome.Done<>("x"));
        }
    }

    @Operation
    public int waiting() {
        return coalescer.waiting(KEY);
    }

    @Operation
    public int inFlight() {
        return coalescer.inFlight();
    }

    @SuppressWarnings("unchecked")
    private Coalescer.@Nullable Flight<String, String> flight(int caller) {
        return (Coalescer.Flight<String, String>) flights[caller];
    }

    private static Call call(Coalescer.Flight<String, String> flight) {
        if (flight.interrupt instanceof Call call) {
            return call;
        }
        throw new IllegalStateException("a flight has the call that it was given");
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
