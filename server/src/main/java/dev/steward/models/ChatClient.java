package dev.steward.models;

import dev.steward.http.EgressBody;

/// Speaks one protocol. Safe for use by many threads.
interface ChatClient {

    /// What is sent for `request`.
    ///
    /// @param hop  the model that is asked, with what is known of it
    /// @param said what the answer has begun with already; empty for a new one
    EgressBody body(Backend backend, Hop hop, ChatRequest request, String said);

    /// Where chat calls go.
    String path();

    /// Sends the call and returns once the head of the answer is there.
    TokenStream open(LiveCall call) throws BackendFault, InterruptedException;
}
