package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Tasks with what they belong to: a schedule, what they follow, a batch. Safe for use by many threads.
final class TaskViews {

    private final TaskDesk desk;
    private final TaskGraph graph;
    private final TaskBatchStore batches;
    private final DeadLetterStore dead;
    private final JsonMapper json;

    TaskViews(TaskDesk desk, TaskGraph graph, TaskBatchStore batches, DeadLetterStore dead, JsonMapper json) {
        this.desk = requireNonNull(desk, "desk");
        this.graph = requireNonNull(graph, "graph");
        this.batches = requireNonNull(batches, "batches");
        this.dead = requireNonNull(dead, "dead");
        this.json = requireNonNull(json, "json");
    }

    TaskView of(Task task) {
        return of(task.owner(), List.of(task)).getFirst();
    }

    /// @param owner of all of them
    List<TaskView> of(UserId owner, List<Task> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        List<TaskId> ids = tasks.stream().map(Task::id).toList();
        Map<TaskId, RecurringTasks.Membership> schedules = desk.schedulesOf(owner, ids);
        Map<TaskId, TaskLinks> links = graph.linksOf(owner, ids);
        Map<TaskId, UUID> memberships = batches.batchesOf(owner, ids);
        return tasks.stream()
                .map(t -> TaskView.of(
                        t,
                        schedules.get(t.id()),
                        links.getOrDefault(t.id(), TaskLinks.NONE),
                        memberships.get(t.id()),
                        json))
                .toList();
    }

    /// Dead letters of any owners, in their order.
    List<DeadLetterView> deadLetters(List<Task> letters) {
        Map<TaskId, DeadLetterView> found = new HashMap<>();
        letters.stream()
                .collect(Collectors.groupingBy(Task::owner))
                .forEach((owner, theirs) -> found.putAll(deadLetters(owner, theirs)));
        return letters.stream().map(t -> requireNonNull(found.get(t.id()))).toList();
    }

    private Map<TaskId, DeadLetterView> deadLetters(UserId owner, List<Task> letters) {
        List<TaskView> tasks = of(owner, letters);
        Map<TaskId, Long> waiting =
                dead.waiting(owner, letters.stream().map(Task::id).toList());
        Map<UUID, DeadLetterView.BatchName> named = batches.named(
                owner, tasks.stream().flatMap(t -> Stream.ofNullable(t.batch())).collect(Collectors.toSet()));
        Map<TaskId, DeadLetterView> views = new HashMap<>();
        for (int i = 0; i < letters.size(); i++) {
            Task task = letters.get(i);
            UUID batch = tasks.get(i).batch();
            views.put(
                    task.id(),
                    DeadLetterView.of(
                            task,
                            tasks.get(i),
                            batch == null ? null : named.get(batch),
                            waiting.getOrDefault(task.id(), 0L)));
        }
        return views;
    }
}
