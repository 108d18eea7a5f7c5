package dev.steward.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CorrelationTest {

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void aScopePutsBackWhatWasThereBefore() {
        try (var _ = Correlation.with(Correlation.Id.TASK, "outer")) {
            try (var _ = Correlation.with(Correlation.Id.TASK, "inner")) {
                assertThat(MDC.get("task_id")).isEqualTo("inner");
            }
            assertThat(Correlation.current(Correlation.Id.TASK)).contains("outer");
        }
        assertThat(Correlation.current(Correlation.Id.TASK)).isEmpty();
    }

    @Test
    void carriedWorkHasTheIdsOfWhoHandedItOverAndLeavesTheThreadClean() throws Exception {
        var seen = new AtomicReference<Map<Correlation.Id, String>>();
        var after = new AtomicReference<Map<Correlation.Id, String>>();
        Runnable carried;
        try (var _ = Correlation.with(Correlation.Id.REQUEST, "r-1");
                var _ = Correlation.with(Correlation.Id.TURN, "t-1")) {
            carried = Correlation.carried(() -> seen.set(Correlation.captured()));
        }

        Thread.ofVirtual()
                .start(() -> {
                    carried.run();
                    after.set(Correlation.captured());
                })
                .join();

        assertThat(seen.get())
                .containsOnly(Map.entry(Correlation.Id.REQUEST, "r-1"), Map.entry(Correlation.Id.TURN, "t-1"));
        assertThat(after.get()).isEmpty();
    }
}
