package dev.steward.models;

import dev.steward.base.UserId;
import java.util.List;

/// The way to every model: breaker, limits, deadlines, failover along a chain, one place for all callers.
///
/// Safe for use by many threads.
public interface ModelGateway {

    /// Starts an answer. Returns at once; waiting happens in [Answer#next].
    ///
    /// Before any text came, and after it by continuing, the next model of the chain takes over when one
    /// fails (RES-8).
    ///
    /// @param caller  names whose breaker guards the call beside the backend's own, such as `ollama_alpha`;
    ///                its answers are never shared with another user
    /// @param chain   models in order of failover; empty: the configured or discovered default
    Answer chat(UserId user, String caller, List<ModelRef> chain, ChatRequest request);

    /// Every model that chats and that a backend serves now, by the last look; never asks a backend.
    List<ServedModel> served();

    /// Every model that makes vectors of texts, in the same way.
    List<ServedModel> embedders();

    /// Every backend that should be there and does not answer, by the last look: that a model is away for a while is
    /// another answer than that there is none of that name.
    List<AwayBackend> away();

    /// The models that an empty chain stands for, first choice first; empty when none can answer.
    List<ModelRef> defaultChain();
}
