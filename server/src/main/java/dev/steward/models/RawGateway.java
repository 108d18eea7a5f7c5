package dev.steward.models;

/// The same way to the models as [ModelGateway], for callers that already speak the OpenAI-compatible API: the body
/// goes to the backend as it came, but for the model's name, and the answer comes back as bytes.
///
/// Safe for use by many threads.
public interface RawGateway {

    /// Prepares a call. Nothing is sent before [RawAnswer#next].
    RawAnswer open(RawCall call);

    /// Prepares a call for vectors; the answer comes in one piece. Nothing is sent before [RawAnswer#next].
    RawAnswer open(EmbeddingCall call);
}
