package dev.steward.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Body of `POST /tasks/batches`.
///
/// @param tasks     all accepted, or none
/// @param finalTask runs once when all of them have ended; its input carries `batch`: how they ended
record BatchRequest(
        @Schema(maxLength = TaskDesk.DESCRIPTION_MAX) @Nullable String description,

        @ArraySchema(minItems = 1, maxItems = TaskBatches.TASKS_MAX)
        List<@Nullable Item> tasks,

        @JsonProperty("final") @Nullable Final finalTask) {

    /// As [TaskRequest].
    ///
    /// @param name     what others of the batch call it; needed only where one does
    /// @param after    names of others of the batch that have to end before it may run
    /// @param ifFailed when one of these is not completed; left out: `wait`
    record Item(
            @Schema(maxLength = TaskBatches.NAME_MAX) @Nullable String name,

            @Schema(example = "prompt") String type,

            @Schema(maxLength = TaskDesk.DESCRIPTION_MAX) @Nullable String description,

            @Nullable JsonNode priority,
            @Nullable JsonNode input,
            @Nullable JsonNode metadata,
            @Nullable Instant deadline,
            @Nullable Instant runAt,

            @Schema(minimum = "0", maximum = "" + TaskDesk.MAX_RETRIES_LIMIT) @Nullable Integer maxRetries,

            @ArraySchema(maxItems = TaskGraph.AFTER_MAX, uniqueItems = true) @Nullable List<String> after,

            @Nullable IfFailed ifFailed,

            @Schema(maxLength = TaskDesk.UNIQUE_KEY_MAX) @Nullable String uniqueKey) {

        TaskRequest request() {
            return TaskRequest.ofBatch(
                    type, description, priority, input, metadata, deadline, runAt, maxRetries, uniqueKey);
        }
    }

    /// As [TaskRequest].
    ///
    /// @param ifFailed when one of the batch is not completed; left out: `run`
    record Final(
            @Schema(example = "reminder") String type,

            @Schema(maxLength = TaskDesk.DESCRIPTION_MAX) @Nullable String description,

            @Nullable JsonNode priority,
            @Nullable JsonNode input,
            @Nullable JsonNode metadata,
            @Nullable Instant deadline,
            @Nullable Instant runAt,

            @Schema(minimum = "0", maximum = "" + TaskDesk.MAX_RETRIES_LIMIT) @Nullable Integer maxRetries,

            @Nullable IfFailed ifFailed) {

        TaskRequest request() {
            return TaskRequest.ofBatch(type, description, priority, input, metadata, deadline, runAt, maxRetries, null);
        }
    }
}
