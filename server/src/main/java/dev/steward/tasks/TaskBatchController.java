package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
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

/// Tasks that are accepted together (TASK-3).
@RestController
@RequestMapping("/api/v1/tasks/batches")
final class TaskBatchController {

    private final TaskBatches batches;
    private final TaskViews views;

    TaskBatchController(TaskBatches batches, TaskViews views) {
        this.batches = requireNonNull(batches, "batches");
        this.views = requireNonNull(views, "views");
    }

    /// Accepts all of them, or none. `after` names others of the same batch; `final` runs once when all have ended.
    @Operation(summary = "Have many things done in the background, some after others, and one after all")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(
            permission = Permission.CHAT,
            rate = RateClass.WRITE,
            idempotency = Idempotency.KEY,
            bodyBytesMax = TaskBatches.BYTES_MAX)
    BatchView create(Principal caller, NewResourceId id, RequestId request, @RequestBody BatchRequest body) {
        return batches.create(caller, id.value(), body, Optional.of(request.value()));
    }

    @Operation(summary = "Your batches of tasks")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<BatchView> list(Principal caller, @Listing(sorts = "-created") PageRequest page) {
        return batches.list(caller.user(), page);
    }

    @Operation(summary = "How far a batch of tasks has come")
    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    BatchView find(Principal caller, @PathVariable UUID id) {
        return batches.find(caller.user(), id);
    }

    /// In the order in which they were sent.
    @Operation(summary = "The tasks of a batch")
    @GetMapping("/{id}/tasks")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<BatchTaskView> tasks(Principal caller, @PathVariable UUID id, @Listing(sorts = "place") PageRequest page) {
        Page<TaskBatchStore.Member> found = batches.members(caller.user(), id, page);
        List<TaskView> tasks = views.of(
                caller.user(),
                found.items().stream().map(TaskBatchStore.Member::task).toList());
        return new Page<>(
                java.util.stream.IntStream.range(0, tasks.size())
                        .mapToObj(i -> new BatchTaskView(
                                found.items().get(i).place(),
                                found.items().get(i).name(),
                                tasks.get(i)))
                        .toList(),
                found.nextCursor());
    }

    /// Cancels what has not ended, the final task too.
    @Operation(summary = "Cancel all tasks of a batch")
    @DeleteMapping("/{id}")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    BatchView cancel(Principal caller, @PathVariable UUID id) {
        return batches.cancel(caller.user(), id);
    }
}
