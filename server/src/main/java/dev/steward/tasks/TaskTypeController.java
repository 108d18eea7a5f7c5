package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The types of tasks, for operators: what they may use, what waits, and pausing.
@RestController
@RequestMapping("/api/v1/task-types")
final class TaskTypeController {

    /// Stands for every type in a path.
    private static final String ALL = "all";

    private final TaskTypes types;

    TaskTypeController(TaskTypes types) {
        this.types = requireNonNull(types, "types");
    }

    /// Body of pausing and resuming.
    ///
    /// @param reason why, for whoever looks later
    record Why(@Nullable String reason) {}

    /// @param type   `*`: every type
    /// @param action `pause` or `resume`
    record ChangeView(String type, String action, UUID actor, Instant at, String reason) {}

    @GetMapping
    @Operation(summary = "List the types of tasks with their limits, and what waits and runs")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<TaskTypeView> list() {
        return new Page<>(types.all(), Optional.empty());
    }

    /// Who paused and resumed what, newest first.
    @GetMapping("/changes")
    @Operation(summary = "List who paused and resumed types of tasks")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<ChangeView> changes() {
        return new Page<>(
                types.changes().stream()
                        .map(c -> new ChangeView(c.type(), c.action(), c.actor().value(), c.at(), c.reason()))
                        .toList(),
                Optional.empty());
    }

    /// Nothing of this type starts until it is resumed; `all` is every type.
    @PostMapping("/{type}/pause")
    @Operation(summary = "Start nothing more of a type of tasks")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void pause(Principal caller, @PathVariable String type, @RequestBody(required = false) @Nullable Why body) {
        types.pause(caller, named(type), reason(body));
    }

    @PostMapping("/{type}/resume")
    @Operation(summary = "Let a type of tasks start again")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void resume(Principal caller, @PathVariable String type, @RequestBody(required = false) @Nullable Why body) {
        types.resume(caller, named(type), reason(body));
    }

    private static String named(String type) {
        return type.equals(ALL) ? TaskStore.EVERY_TYPE : type;
    }

    private static String reason(@Nullable Why body) {
        return body == null || body.reason() == null ? "" : body.reason();
    }
}
