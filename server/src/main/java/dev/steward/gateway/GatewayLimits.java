package dev.steward.gateway;

/// The named limits of the OpenAI-compatible door.
final class GatewayLimits {

    /// Room for long contexts and a few pictures as data URLs.
    static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

    /// A whole plain answer: far more than any model says in one, and two thousand vectors of a thousand numbers.
    static final int ANSWER_BYTES_MAX = 32 * 1024 * 1024;

    /// Texts whose vectors are asked for at once, as in the OpenAI API.
    static final int INPUTS_MAX = 2_048;

    /// Numbers in a vector: more than any model makes.
    static final int DIMENSIONS_MAX = 65_536;

    private GatewayLimits() {}
}
