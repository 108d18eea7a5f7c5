package dev.steward.resilience;

import java.util.List;

/// Where breakers are kept over a restart. May block; called from one background thread, and once at start.
interface BreakerMemory {

    List<SavedBreaker> load();

    void save(List<SavedBreaker> breakers);
}
