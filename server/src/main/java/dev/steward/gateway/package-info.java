/// The OpenAI-compatible door: `/v1/models` and `/v1/chat/completions` over the same models as the assistant (CHAT-11).
@NullMarked
package dev.steward.gateway;

import org.jspecify.annotations.NullMarked;
