package dev.steward.tasks;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Body of `POST /tasks`.
///
/// @param priority   0 to 3, or LOW, MEDIUM, HIGH, CRITICAL; left out: MEDIUM
/// @param input      what the type asks for; left out: `{}`
/// @param metadata   the caller's own, kept with the task
/// @param schedule   makes it recur; the first run is the task that is answered
/// @param maxRetries attempts after the first, 0 to 100; left out: 3
/// @param after      ids of your tasks that have to end before it may run
/// @param ifFailed   when one of these is not completed: `wait` for a dead letter to be mended and be cancelled with
///                   what is cancelled or dismissed (the default), `cancel` at once, or `run` all the same
/// @param parent     the task of yours that this one is a part of; only a link
/// @param uniqueKey  while a task of this type with this key waits or runs, a second one is not made
record TaskRequest(
        @Schema(example = "prompt") String type,

        @Schema(maxLength = TaskDesk.DESCRIPTION_MAX) @Nullable String description,

        @Nullable JsonNode priority,

        @Schema(example = "{\"message\": \"What is the capital of France?\"}") @Nullable JsonNode input,

        @Nullable JsonNode metadata,
        @Nullable Instant deadline,
        @Nullable Instant runAt,
        @Nullable TaskSchedule schedule,

        @Schema(minimum = "0", maximum = "" + TaskDesk.MAX_RETRIES_LIMIT) @Nullable Integer maxRetries,

        @ArraySchema(maxItems = TaskGraph.AFTER_MAX, uniqueItems = true) @Nullable List<UUID> after,

        @Nullable IfFailed ifFailed,
        @Nullable UUID parent,

        @Schema(maxLength = TaskDesk.UNIQUE_KEY_MAX) @Nullable String uniqueKey) {

    /// One task of a batch: what it follows is named there, and it can't recur.
    static TaskRequest ofBatch(
            String type,
            @Nullable String description,
            @Nullable JsonNode priority,
            @Nullable JsonNode input,
            @Nullable JsonNode metadata,
            @Nullable Instant deadline,
            @Nullable Instant runAt,
            @Nullable Integer maxRetries,
            @Nullable String uniqueKey) {
        return new TaskRequest(
                type,
                description,
                priority,
                input,
                metadata,
                deadline,
                runAt,
                null,
                maxRetries,
                null,
                null,
                null,
                uniqueKey);
    }
}
