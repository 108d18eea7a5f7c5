package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.NewResourceId;
import dev.steward.web.PageRequest;
import dev.steward.web.RequestId;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

/// One's own tasks (TASK-2).
@RestController
@RequestMapping("/api/v1/tasks")
final class TaskController {

    /// The largest input and metadata, twice over: as people write JSON, with spaces and escapes.
    private static final int BODY_BYTES_MAX = 2 * (NewTask.INPUT_BYTES_MAX + TaskDesk.METADATA_BYTES_MAX);

    private final TaskDesk desk;
    private final TaskListStore list;
    private final DurableTaskQueue queue;
    private final TaskViews views;
    private final JsonMapper json;

    TaskController(TaskDesk desk, TaskListStore list, DurableTaskQueue queue, TaskViews views, JsonMapper json) {
        this.desk = requireNonNull(desk, "desk");
        this.list = requireNonNull(list, "list");
        this.queue = requireNonNull(queue, "queue");
        this.views = requireNonNull(views, "views");
        this.json = requireNonNull(json, "json");
    }

    /// Accepts a task; which types there are depends on what the caller may do.
    @Operation(summary = "Have something done in the background")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(
            permission = Permission.CHAT,
            rate = RateClass.WRITE,
            idempotency = Idempotency.KEY,
            bodyBytesMax = BODY_BYTES_MAX)
    TaskView create(Principal caller, NewResourceId id, RequestId request, @RequestBody TaskRequest body) {
        Task task = desk.create(caller, new TaskId(id.value()), body, Optional.of(request.value()));
        return view(task);
    }

    /// Filters `batch`, `parent` and `after` take an id: what was accepted with that batch, is a part of that task, or
    /// follows it. An id that is nobody's, or somebody else's, has none.
    @Operation(summary = "Your tasks")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<TaskView> list(
            Principal caller,
            @Listing(
                            sorts = {"-created", "updated", "run_at", "completed_at", "deadline", "priority"},
                            filters = {"status", "type", "priority", "batch", "parent", "after"})
                    PageRequest page) {
        Page<Task> found = list.list(new TaskListStore.Query(
                Optional.of(caller.user()),
                page.filter("status").map(TaskController::status),
                page.filter("type"),
                page.filter("priority").map(TaskController::priority),
                page.filter("batch").map(text -> id("batch", text)),
                page.filter("parent").map(text -> new TaskId(id("parent", text))),
                page.filter("after").map(text -> new TaskId(id("after", text))),
                Optional.empty(),
                Optional.empty(),
                page.sort(),
                page.descending(),
                page.cursor(),
                page.limit()));
        return new Page<>(views.of(caller.user(), found.items()), found.nextCursor());
    }

    @Operation(summary = "One task")
    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    TaskView find(Principal caller, @PathVariable UUID id) {
        return view(existing(caller, id));
    }

    /// Cancels: a waiting task never runs, a running one is interrupted and is `cancelled` as soon as it
    /// has stopped.
    @Operation(summary = "Cancel a task")
    @DeleteMapping("/{id}")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    TaskView cancel(Principal caller, @PathVariable UUID id) {
        boolean cancelled = queue.cancel(caller.user(), new TaskId(id));
        Task task = existing(caller, id);
        if (!cancelled && task.status() != TaskStatus.CANCELLED) {
            throw new StewardException(
                    ErrorCode.INVALID_INPUT,
                    409,
                    Saying.TASK_OVER.said(task.status().wire()),
                    null,
                    List.of(),
                    null);
        }
        return view(task);
    }

    /// Every attempt, oldest first.
    @Operation(summary = "Every attempt at a task, with its start, end and error")
    @GetMapping("/{id}/attempts")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<AttemptView> attempts(Principal caller, @PathVariable UUID id) {
        Task task = existing(caller, id);
        return new Page<>(
                list.attempts(task.owner(), task.id()).stream()
                        .map(AttemptView::of)
                        .toList(),
                Optional.empty());
    }

    /// The latest thousand lines, oldest first.
    @Operation(summary = "What the attempts at a task have told about their work")
    @GetMapping("/{id}/log")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<LogLineView> log(Principal caller, @PathVariable UUID id) {
        Task task = existing(caller, id);
        return new Page<>(list.log(task.owner(), task.id()), Optional.empty());
    }

    /// Every time that the task was sent back to work after it was given up, oldest first.
    @Operation(summary = "Every time that a task was sent back to work after it was given up")
    @GetMapping("/{id}/replays")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<ReplayView> replays(Principal caller, @PathVariable UUID id) {
        Task task = existing(caller, id);
        return new Page<>(
                list.replays(task.owner(), task.id()).stream()
                        .map(replay -> ReplayView.of(replay, json))
                        .toList(),
                Optional.empty());
    }

    private TaskView view(Task task) {
        return views.of(task);
    }

    private Task existing(Principal caller, UUID id) {
        return list.find(caller.user(), new TaskId(id)).orElseThrow(() -> StewardException.notFound("task"));
    }

    private static TaskStatus status(String text) {
        for (TaskStatus status : TaskStatus.values()) {
            if (status.wire().equals(text)) {
                return status;
            }
        }
        throw StewardException.invalid(List.of(new FieldFault(
                "status", "one_of", "must be pending, running, completed, failed, cancelled or dead_letter")));
    }

    private static UUID id(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw StewardException.invalid(List.of(new FieldFault(field, "format", "must be an id, a UUID")));
        }
    }

    private static Priority priority(String text) {
        return TaskDesk.priority(text).orElseThrow(() -> StewardException.invalid(List.of(TaskDesk.priorityFault())));
    }
}
