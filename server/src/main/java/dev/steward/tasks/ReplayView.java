package dev.steward.tasks;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One time that a task was sent back to work, on the wire.
///
/// @param actor       the account that did it
/// @param inputBefore the input as it was; null: it was not changed
record ReplayView(
        int number,
        Instant at,
        UUID actor,
        String reason,
        @Nullable String cause,
        @Nullable JsonNode inputBefore) {

    static ReplayView of(ReplayRecord replay, JsonMapper json) {
        return new ReplayView(
                replay.number(),
                replay.at(),
                replay.actor(),
                replay.reason(),
                replay.cause().orElse(null),
                replay.inputBefore().map(json::readTree).orElse(null));
    }
}
