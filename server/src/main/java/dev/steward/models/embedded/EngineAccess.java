package dev.steward.models.embedded;

/// The way from the door to the engine. Safe for use by many threads; one answer is given at a time.
interface EngineAccess {

    /// Waits for its turn, sees to it that the engine runs, and begins an answer.
    ///
    /// @throws EngineUnavailableException the queue is full, or the engine can't be started now
    EngineAnswer begin(EngineRequest request) throws EngineUnavailableException, InterruptedException;

    /// The name of the model that answers.
    String modelName();

    int contextTokens();

    /// What the door's `/health` says: whether a request would be answered.
    boolean able();
}
