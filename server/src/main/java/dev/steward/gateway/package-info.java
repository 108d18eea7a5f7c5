/// The OpenAI-compatible door: `/v1/models`, `/v1/chat/completions` and `/v1/embeddings` over the same models as the
/// assistant (CHAT-11).
@NullMarked
package dev.steward.gateway;

import org.jspecify.annotations.NullMarked;
