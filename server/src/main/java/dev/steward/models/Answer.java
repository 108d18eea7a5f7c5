package dev.steward.models;

/// An answer that is being given. Used by one thread; closing it from any thread cancels the call at the backend.
public interface Answer extends AutoCloseable {

    /// Waits for the next event. After [AnswerEvent.Done] there is none.
    ///
    /// @throws ModelException       every backend of the chain failed; what was said so far stands, incomplete
    /// @throws InterruptedException when the caller was interrupted; the call at the backend is cancelled
    AnswerEvent next() throws InterruptedException;

    /// Cancels the call if it is not done. Never throws.
    @Override
    void close();
}
