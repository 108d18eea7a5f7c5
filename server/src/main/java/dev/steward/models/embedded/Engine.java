package dev.steward.models.embedded;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A loaded model. Used by one thread.
interface Engine {

    /// Makes one answer and returns when its last event was given.
    ///
    /// @param cancelled asked often; when it turns true the answer ends soon as `Done` with `stop`
    void answer(EngineRequest request, BooleanSupplier cancelled, Consumer<EngineEvent> events);

    /// How many tokens prompt and answer may have together.
    int contextTokens();
}
