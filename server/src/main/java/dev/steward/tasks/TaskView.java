package dev.steward.tasks;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A task on the wire (TASK-1).
record TaskView(
        UUID id,
        String type,
        TaskStatus status,
        int priority,
        String description,
        Instant created,
        Instant updated,
        Instant runAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Instant deadline,
        RecurringTasks.@Nullable Membership schedule,
        int attempts,
        int retryCount,
        int maxRetries,
        double progress,
        boolean cancelRequested,
        @Nullable String correlationId,
        @Nullable String uniqueKey,
        @Nullable ErrorView error,
        JsonNode input,
        JsonNode metadata,
        @Nullable JsonNode result) {

    /// @param code    an [dev.steward.base.ErrorCode]
    /// @param message for people
    record ErrorView(String code, String message) {

        static @Nullable ErrorView of(java.util.Optional<Task.TaskError> error) {
            return error.map(e -> new ErrorView(e.code(), e.message())).orElse(null);
        }
    }

    static TaskView of(Task task, RecurringTasks.@Nullable Membership schedule, JsonMapper json) {
        return new TaskView(
                task.id().value(),
                task.type(),
                task.status(),
                task.priority().number(),
                task.description(),
                task.created(),
                task.updated(),
                task.runAt(),
                task.startedAt().orElse(null),
                task.completedAt().orElse(null),
                task.deadline().orElse(null),
                schedule,
                task.attempts(),
                task.retryCount(),
                task.maxRetries(),
                task.progress(),
                task.cancelRequested(),
                task.correlation().orElse(null),
                task.uniqueKey().orElse(null),
                ErrorView.of(task.error()),
                json.readTree(task.input()),
                json.readTree(task.metadata()),
                task.result().map(json::readTree).orElse(null));
    }
}
