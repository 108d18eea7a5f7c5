package dev.steward.assistant.dialogue;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Task;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/// A queue that is full.
final class RefusingQueue implements TaskQueue {

    @Override
    public void accept(NewTask task) {
        throw StewardException.busy(ErrorCode.SERVICE_UNAVAILABLE, "The queue is full.", Duration.ofSeconds(1));
    }

    @Override
    public boolean cancel(UserId owner, TaskId task) {
        return false;
    }

    @Override
    public void hurry(Collection<TaskId> tasks) {}

    @Override
    public Optional<TaskStatus> status(UserId owner, TaskId task) {
        return Optional.empty();
    }

    @Override
    public Optional<Task> find(UserId owner, TaskId task) {
        return Optional.empty();
    }
}
