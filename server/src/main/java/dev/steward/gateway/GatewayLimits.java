package dev.steward.gateway;

/// The named limits of the OpenAI-compatible door.
final class GatewayLimits {

    /// Room for long contexts and a few pictures as data URLs.
    static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

    /// A whole plain answer: far more than any model says in one.
    static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

    private GatewayLimits() {}
}
