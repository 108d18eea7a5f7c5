package dev.steward.tasks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One start in ten belongs to whoever has waited longest. Counts starts by type and gives out the tenths, so
/// strict priority starves nobody: whatever waits becomes the longest waiting one in time, and its turn comes at a
/// tenth of the speed of its type. Safe for use by many threads.
final class AgeingCredits {

    /// Starts for each one that goes by age.
    static final int STARTS_PER_CREDIT = 10;

    /// Credits of a type that are kept or given out at once, so a burst of starts makes no burst of old tasks.
    static final int CREDITS_MAX = 100;

    private final Map<String, Integer> starts = new ConcurrentHashMap<>();

    void started(String type) {
        starts.merge(type, 1, (a, b) -> Math.min(a + b, STARTS_PER_CREDIT * CREDITS_MAX));
    }

    /// Takes the whole credits of each type.
    Map<String, Integer> take() {
        Map<String, Integer> credits = new HashMap<>();
        starts.forEach((type, count) -> {
            int whole = count / STARTS_PER_CREDIT;
            if (whole > 0) {
                credits.put(type, whole);
                starts.merge(type, -whole * STARTS_PER_CREDIT, Integer::sum);
            }
        });
        return credits;
    }
}
