package dev.steward.tasks;

import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A task on the wire (TASK-1).
///
/// @param owner      whose it is
/// @param parent     the task that it is a part of
/// @param after      tasks that it follows
/// @param waitingFor how many of these have not ended yet; while there are any, it does not run
/// @param ifFailed   what becomes of it when one of them is not completed
/// @param batch      what it was accepted with; of the final task too
record TaskView(
        UUID id,
        UUID owner,
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
        List<UUID> after,
        int waitingFor,
        @Nullable IfFailed ifFailed,
        @Nullable UUID batch,
        @Nullable UUID parent,
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
    /// @param words   what it is made of, for those who say it in another language; empty: it is in English only
    record ErrorView(String code, String message, List<Phrase> words) {

        static @Nullable ErrorView of(java.util.Optional<Task.TaskError> error) {
            return error.map(e -> new ErrorView(
                            e.code(), e.message(), Wording.read(e.message()).phrases()))
                    .orElse(null);
        }
    }

    static TaskView of(
            Task task,
            RecurringTasks.@Nullable Membership schedule,
            TaskLinks links,
            @Nullable UUID batch,
            JsonMapper json) {
        return new TaskView(
                task.id().value(),
                task.owner().value(),
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
                links.after().stream().map(TaskId::value).toList(),
                task.status() == TaskStatus.PENDING ? links.waitingFor() : 0,
                links.ifFailed().orElse(null),
                batch,
                task.parent().map(TaskId::value).orElse(null),
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
