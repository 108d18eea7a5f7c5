package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.InputRules;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes tasks from people: checks everything at once, and accepts all or nothing.
final class TaskDesk {

    static final int DESCRIPTION_MAX = 500;
    static final int METADATA_BYTES_MAX = 16 * 1024;
    static final int UNIQUE_KEY_MAX = 200;
    static final int MAX_RETRIES_DEFAULT = 3;
    static final int MAX_RETRIES_LIMIT = 100;

    /// Longest that a task may be put off: what lies further ahead is a mistake in the year.
    static final Duration AHEAD_MAX = Duration.ofDays(3660);

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final TaskHandlers handlers;
    private final DurableTaskQueue queue;
    private final TaskGraph graph;
    private final TaskListStore list;
    private final InstantSource clock;
    private final JsonMapper json;
    private final InputRules rules;
    private final Supplier<RecurringTasks> recurring;

    TaskDesk(
            TaskHandlers handlers,
            DurableTaskQueue queue,
            TaskGraph graph,
            TaskListStore list,
            InstantSource clock,
            JsonMapper json,
            InputRules rules,
            Supplier<RecurringTasks> recurring) {
        this.handlers = requireNonNull(handlers, "handlers");
        this.queue = requireNonNull(queue, "queue");
        this.graph = requireNonNull(graph, "graph");
        this.list = requireNonNull(list, "list");
        this.clock = requireNonNull(clock, "clock");
        this.json = requireNonNull(json, "json");
        this.rules = requireNonNull(rules, "rules");
        this.recurring = requireNonNull(recurring, "recurring");
    }

    /// Accepts a task of a type that people may create. The same id again, or a key that a waiting or
    /// running task has, gives the task that is there.
    ///
    /// @param correlation the request's id
    /// @throws StewardException `validation_error` with every fault; 403 where the caller may not create
    /// this type
    Task create(Principal caller, TaskId id, TaskRequest request, Optional<String> correlation) {
        List<FieldFault> faults = new ArrayList<>();
        List<TaskId> after = after(request, faults);
        TaskSchedule schedule = request.schedule();
        if (schedule != null) {
            oneRunOnly(request, faults);
            faults.addAll(recurring.get().faults(caller.user(), schedule, Optional.ofNullable(request.runAt())));
        }
        Acceptance acceptance = checked(caller, id, request, correlation, faults);
        Optional<TaskId> parent = parent(caller.user(), id, request, faults);
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        if (schedule != null) {
            recurring.get().open(acceptance.task(), schedule);
            return list.find(caller.user(), id).orElseThrow(() -> StewardException.notFound("task"));
        }
        if (after.isEmpty() && parent.isEmpty()) {
            return accept(acceptance, () -> queue.accept(acceptance));
        }
        IfFailed ifFailed = Optional.ofNullable(request.ifFailed()).orElse(IfFailed.WAIT);
        // A repeat must not be judged by how the tasks that it follows stand now.
        return list.find(caller.user(), id)
                .orElseGet(() -> accept(
                        acceptance,
                        () -> graph.inOne(() -> {
                            if (after.isEmpty()) {
                                queue.accept(acceptance);
                            } else {
                                graph.accept(acceptance, after, ifFailed);
                            }
                            parent.ifPresent(of -> list.setParent(caller.user(), id, of));
                        })));
    }

    private Optional<TaskId> parent(UserId owner, TaskId id, TaskRequest request, List<FieldFault> faults) {
        Optional<TaskId> parent = Optional.ofNullable(request.parent()).map(TaskId::new);
        boolean there = parent.map(of -> !of.equals(id) && list.find(owner, of).isPresent())
                .orElse(true);
        if (!there && list.find(owner, id).isEmpty()) { // A repeat stands, whatever became of its parent.
            faults.add(new FieldFault("parent", "not_found", "must be the id of a task of yours, or be left out"));
        }
        return parent;
    }

    /// A task as it was asked for; to be used only when no faults were found.
    ///
    /// @param faults what is wrong is added here
    Acceptance checked(
            Principal caller, TaskId id, TaskRequest request, Optional<String> correlation, List<FieldFault> faults) {
        TaskForm form = form(request.type(), faults);
        Priority priority = priority(request.priority(), faults);
        String input = object("input", request.input(), inputBytesMax(request.type()), faults);
        String metadata = object("metadata", request.metadata(), METADATA_BYTES_MAX, faults);
        faults.addAll(rules.contextFaults("metadata", json.readValue(metadata, OBJECT)));
        text("description", request.description(), DESCRIPTION_MAX, faults);
        text("unique_key", request.uniqueKey(), UNIQUE_KEY_MAX, faults);
        times(request, faults);
        int maxRetries = request.maxRetries() == null ? maxRetries(request.type()) : request.maxRetries();
        if (maxRetries < 0 || maxRetries > MAX_RETRIES_LIMIT) {
            faults.add(new FieldFault("max_retries", "range", "must be 0 to " + MAX_RETRIES_LIMIT));
            maxRetries = 0;
        }
        if (form != null && faults.isEmpty()) {
            allowed(caller, form, request.type());
            faults.addAll(form.faults(json.readValue(input, OBJECT)));
        }
        var task = new NewTask(
                id,
                caller.user(),
                request.type(),
                priority,
                Optional.ofNullable(request.description()).orElse(""),
                input,
                Optional.ofNullable(request.runAt()),
                Optional.ofNullable(request.deadline()),
                maxRetries,
                correlation);
        return new Acceptance(task, metadata, Optional.ofNullable(request.uniqueKey()));
    }

    private static List<TaskId> after(TaskRequest request, List<FieldFault> faults) {
        if (request.after() == null || request.after().isEmpty()) {
            if (request.ifFailed() != null) {
                faults.add(new FieldFault(
                        "if_failed", "alone", "is about the tasks in after; name them, or leave it out"));
            }
            return List.of();
        }
        faults.addAll(TaskGraph.faults(request.after()));
        return request.after().stream()
                .filter(Objects::nonNull)
                .map(TaskId::new)
                .toList();
    }

    /// What belongs to one run only, and so can't be said of a task that recurs.
    private static void oneRunOnly(TaskRequest request, List<FieldFault> faults) {
        if (request.deadline() != null) {
            faults.add(new FieldFault(
                    "deadline", "recurring", "is for a single run; leave it out, or use schedule.expected_within_ms"));
        }
        if (request.uniqueKey() != null) {
            faults.add(new FieldFault("unique_key", "recurring", "is for a single run; leave it out"));
        }
        if (request.after() != null && !request.after().isEmpty()) {
            faults.add(new FieldFault("after", "recurring", "is for a single run; leave it out"));
        }
        if (request.parent() != null) {
            faults.add(new FieldFault("parent", "recurring", "is for a single run; leave it out"));
        }
        if (request.metadata() != null && !request.metadata().isEmpty()) {
            faults.add(new FieldFault("metadata", "recurring", "is for a single run; leave it out"));
        }
    }

    private int maxRetries(String type) {
        return handlers.find(type)
                .flatMap(TaskHandler::retry)
                .map(RetryPolicy::maxRetries)
                .orElse(MAX_RETRIES_DEFAULT);
    }

    private int inputBytesMax(String type) {
        return handlers.find(type).map(h -> h.limits().inputBytesMax()).orElse(NewTask.INPUT_BYTES_MAX);
    }

    /// Which of these tasks are runs of a schedule.
    Map<TaskId, RecurringTasks.Membership> schedulesOf(UserId owner, List<TaskId> tasks) {
        return tasks.isEmpty() ? Map.of() : recurring.get().of(owner, tasks);
    }

    private Task accept(Acceptance acceptance, Runnable acceptIt) {
        acceptIt.run();
        NewTask task = acceptance.task();
        return list.find(task.owner(), task.id())
                .or(() -> acceptance.uniqueKey().flatMap(key -> list.findUnique(task.owner(), task.type(), key)))
                .orElseThrow(() -> StewardException.busy(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        "A task with the same unique_key ended just now. Nothing was accepted; send it again.",
                        Duration.ofSeconds(1)));
    }

    private static void allowed(Principal caller, TaskForm form, String type) {
        if (!caller.may(form.permission())) {
            throw new StewardException(
                    ErrorCode.UNAUTHORIZED,
                    403,
                    "Tasks of type " + type + " may be created by operators only.",
                    null,
                    List.of(),
                    null);
        }
    }

    private @Nullable TaskForm form(String type, List<FieldFault> faults) {
        Optional<TaskForm> form = handlers.find(type).flatMap(TaskHandler::form);
        if (form.isEmpty()) {
            String creatable = handlers.all().stream()
                    .flatMap(h -> h.form().map(f -> h.type() + " with input " + f.accepts()).stream())
                    .collect(Collectors.joining("; "));
            faults.add(new FieldFault("type", "unknown_type", "can't be created; these can: " + creatable));
        }
        return form.orElse(null);
    }

    private static Priority priority(@Nullable JsonNode given, List<FieldFault> faults) {
        if (given == null || given.isNull()) {
            return Priority.MEDIUM;
        }
        Optional<Priority> priority = given.isString()
                ? priority(given.stringValue())
                : given.isInt() ? priority(String.valueOf(given.intValue())) : Optional.empty();
        if (priority.isEmpty()) {
            faults.add(priorityFault());
        }
        return priority.orElse(Priority.MEDIUM);
    }

    static FieldFault priorityFault() {
        return new FieldFault("priority", "one_of", "must be 0, 1, 2, 3, LOW, MEDIUM, HIGH or CRITICAL");
    }

    /// Reads a priority by name or number.
    static Optional<Priority> priority(String text) {
        for (Priority priority : Priority.values()) {
            if (priority.name().equalsIgnoreCase(text)
                    || String.valueOf(priority.number()).equals(text)) {
                return Optional.of(priority);
            }
        }
        return Optional.empty();
    }

    private String object(String field, @Nullable JsonNode given, int bytesMax, List<FieldFault> faults) {
        if (given == null || given.isNull()) {
            return "{}";
        }
        if (!given.isObject()) {
            faults.add(new FieldFault(field, "type", "must be a JSON object"));
            return "{}";
        }
        String text = json.writeValueAsString(given);
        if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
            faults.add(new FieldFault(field, "length", "must have at most " + bytesMax + " bytes as JSON"));
        }
        if (text.contains("\\u0000")) {
            faults.add(new FieldFault(field, "characters", "must not contain U+0000"));
        }
        return text;
    }

    void text(String field, @Nullable String given, int max, List<FieldFault> faults) {
        if (given == null) {
            return;
        }
        faults.addAll(rules.textFaults(field, given, max));
        if (given.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            faults.add(new FieldFault(field, "characters", "must not contain control characters"));
        }
    }

    private void times(TaskRequest request, List<FieldFault> faults) {
        Instant now = clock.instant();
        Instant deadline = request.deadline();
        Instant runAt = request.runAt();
        if (deadline != null && !deadline.isAfter(now)) {
            faults.add(new FieldFault("deadline", "past", "must be in the future"));
        }
        if (runAt != null && runAt.isAfter(now.plus(AHEAD_MAX))) {
            faults.add(new FieldFault("run_at", "range", "must be within ten years"));
        }
        if (deadline != null && deadline.isAfter(now.plus(AHEAD_MAX))) {
            faults.add(new FieldFault("deadline", "range", "must be within ten years"));
        }
        if (deadline != null && runAt != null && !deadline.isAfter(runAt)) {
            faults.add(new FieldFault("deadline", "order", "must be after run_at"));
        }
    }
}
