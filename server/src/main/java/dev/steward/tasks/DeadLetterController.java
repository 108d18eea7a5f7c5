package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// Dead letters (TASK-5): one's own; operators see and mend everybody's.
@RestController
@RequestMapping("/api/v1/dlq")
final class DeadLetterController {

    private final DeadLetters deadLetters;
    private final TaskListStore list;
    private final TaskJanitor janitor;
    private final TaskViews views;
    private final JsonMapper json;

    DeadLetterController(
            DeadLetters deadLetters, TaskListStore list, TaskJanitor janitor, TaskViews views, JsonMapper json) {
        this.deadLetters = requireNonNull(deadLetters, "deadLetters");
        this.list = requireNonNull(list, "list");
        this.janitor = requireNonNull(janitor, "janitor");
        this.views = requireNonNull(views, "views");
        this.json = requireNonNull(json, "json");
    }

    /// Newest first.
    @Operation(summary = "Tasks that failed for good")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<DeadLetterView> list(
            Principal caller,
            @Listing(
                            sorts = {"-completed_at", "created", "priority"},
                            filters = {"fingerprint", "cause", "type"})
                    PageRequest page) {
        Page<Task> found = list.list(new TaskListStore.Query(
                DeadLetters.scope(caller),
                Optional.of(TaskStatus.DEAD_LETTER),
                page.filter("type"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                page.filter("fingerprint"),
                page.filter("cause"),
                page.sort(),
                page.descending(),
                page.cursor(),
                page.limit()));
        return new Page<>(views.deadLetters(found.items()), found.nextCursor());
    }

    @Operation(summary = "One task that failed for good, with its attempts")
    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    DeadLetterView find(Principal caller, @PathVariable UUID id) {
        return views.deadLetters(List.of(deadLetters.find(caller, new TaskId(id))))
                .getFirst();
    }

    /// What dead letters died of, each cause with how many there are, the most frequent first.
    @Operation(summary = "What dead letters died of, the most frequent cause first")
    @GetMapping("/causes")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<DeadLetterStore.CauseView> causes(Principal caller) {
        return new Page<>(deadLetters.causes(caller), Optional.empty());
    }

    /// Every attempt, oldest first.
    @Operation(summary = "Every attempt at a task that failed for good")
    @GetMapping("/{id}/attempts")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<AttemptView> attempts(Principal caller, @PathVariable UUID id) {
        Task task = deadLetters.find(caller, new TaskId(id));
        return new Page<>(
                list.attempts(task.owner(), task.id()).stream()
                        .map(AttemptView::of)
                        .toList(),
                Optional.empty());
    }

    /// The latest thousand lines, oldest first.
    @Operation(summary = "What the attempts at a task that failed for good have told about their work")
    @GetMapping("/{id}/log")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<LogLineView> log(Principal caller, @PathVariable UUID id) {
        Task task = deadLetters.find(caller, new TaskId(id));
        return new Page<>(list.log(task.owner(), task.id()), Optional.empty());
    }

    /// Every time that it was sent back before, with the input as it was, oldest first.
    @Operation(summary = "Every time that a dead letter was sent back")
    @GetMapping("/{id}/replays")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<ReplayView> replays(Principal caller, @PathVariable UUID id) {
        Task task = deadLetters.find(caller, new TaskId(id));
        return new Page<>(
                list.replays(task.owner(), task.id()).stream()
                        .map(replay -> ReplayView.of(replay, json))
                        .toList(),
                Optional.empty());
    }

    /// Takes all of one cause off the list; their tasks stay readable as failed.
    @Operation(summary = "Put all dead letters with the same failure away")
    @PostMapping("/dismiss")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    DeadLetters.BulkDismissed dismissAll(Principal caller, @RequestBody DeadLetters.BulkDismiss body) {
        return deadLetters.dismissAll(caller, body);
    }

    /// Sends one back to the queue, with its input edited if need be.
    @Operation(summary = "Try a task that failed for good once more")
    @PostMapping("/{id}/retry")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    TaskView retry(
            Principal caller, @PathVariable UUID id, @RequestBody(required = false) DeadLetters.@Nullable Retry body) {
        var request = body == null ? new DeadLetters.Retry(null, null) : body;
        return views.of(deadLetters.retry(caller, new TaskId(id), request));
    }

    /// Sends back all of one cause, or those that are named.
    @Operation(summary = "Try all tasks with the same failure once more")
    @PostMapping("/retry")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    DeadLetters.BulkRetried retryAll(Principal caller, @RequestBody DeadLetters.BulkRetry body) {
        return deadLetters.retryAll(caller, body);
    }

    @Operation(summary = "Put a dead letter away without trying it again")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void dismiss(Principal caller, @PathVariable UUID id) {
        deadLetters.dismiss(caller, new TaskId(id));
    }

    /// Removes dead letters that are too old or too many, now instead of with the next automatic cleanup.
    @Operation(summary = "Remove dead letters and ended tasks that are past their time")
    @PostMapping("/cleanup")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    TaskJanitor.Cleanup cleanup() {
        return janitor.cleanDeadLetters();
    }
}
