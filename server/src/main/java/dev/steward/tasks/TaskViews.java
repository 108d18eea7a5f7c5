package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/// Tasks with what they belong to: a schedule, what they follow, a batch. Safe for use by many threads.
final class TaskViews {

    private final TaskDesk desk;
    private final TaskGraph graph;
    private final TaskBatchStore batches;
    private final JsonMapper json;

    TaskViews(TaskDesk desk, TaskGraph graph, TaskBatchStore batches, JsonMapper json) {
        this.desk = requireNonNull(desk, "desk");
        this.graph = requireNonNull(graph, "graph");
        this.batches = requireNonNull(batches, "batches");
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
}
