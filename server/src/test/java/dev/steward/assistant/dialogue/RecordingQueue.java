package dev.steward.assistant.dialogue;

import dev.steward.base.UserId;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Task;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A queue that remembers what it was told and runs nothing.
final class RecordingQueue implements TaskQueue {

    final List<NewTask> accepted = new CopyOnWriteArrayList<>();
    final List<TaskId> hurried = new CopyOnWriteArrayList<>();
    final List<TaskId> cancelled = new CopyOnWriteArrayList<>();
    final Map<TaskId, TaskStatus> statuses = new ConcurrentHashMap<>();

    @Override
    public void accept(NewTask task) {
        accepted.add(task);
        statuses.put(task.id(), TaskStatus.PENDING);
    }

    @Override
    public boolean cancel(UserId owner, TaskId task) {
        cancelled.add(task);
        return statuses.replace(task, TaskStatus.CANCELLED) != null;
    }

    @Override
    public void hurry(Collection<TaskId> tasks) {
        hurried.addAll(tasks);
    }

    @Override
    public Optional<TaskStatus> status(UserId owner, TaskId task) {
        return Optional.ofNullable(statuses.get(task));
    }

    @Override
    public Optional<Task> find(UserId owner, TaskId task) {
        return Optional.empty();
    }
}
