package dev.steward.models.embedded;

import java.time.Duration;
import java.util.Optional;

/// An answer that the engine is giving. Used by one thread; must be closed, so that the next one can begin.
interface EngineAnswer extends AutoCloseable {

    /// Waits for the next event.
    ///
    /// @return empty if none came within `wait`
    Optional<EngineEvent> next(Duration wait) throws InterruptedException;

    /// Cancels the answer if it is not done. Never throws.
    @Override
    void close();
}
