/// What all controllers share: endpoint declarations, problem documents, idempotency, rate limits, server-sent events.
@NullMarked
package dev.steward.web;

import org.jspecify.annotations.NullMarked;
