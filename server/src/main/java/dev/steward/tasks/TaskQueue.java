package dev.steward.tasks;

import dev.steward.base.UserId;
import java.util.Collection;
import java.util.Optional;

/// The way in to the durable queue. Safe for use by many threads.
public interface TaskQueue {

    /// Accepts a task in the caller's transaction, or in one of its own when there is none. After the
    /// commit a worker of this process gets it without waiting for a poll. Accepting an id again changes
    /// nothing.
    ///
    /// @throws dev.steward.base.StewardException `service_unavailable` with a retry time when the queue is
    /// full
    void accept(NewTask task);

    /// Cancels a task of this owner: a waiting one never runs, a running one is interrupted.
    ///
    /// @return whether it was still to be cancelled
    boolean cancel(UserId owner, TaskId task);

    /// Makes waiting tasks due now, in the caller's transaction if there is one: what they waited for has come.
    /// Tasks that are running or over are left as they are.
    ///
    /// @param tasks at most 1,000
    void hurry(Collection<TaskId> tasks);

    /// Where a task stands; empty when this owner has none of that id. A room that must hear of tasks that end
    /// without their handler (cancelled while they waited, dead by a crash) implements [TaskHandler#ended] instead.
    Optional<TaskStatus> status(UserId owner, TaskId task);

    /// A task as it is now; empty when this owner has none of that id.
    Optional<Task> find(UserId owner, TaskId task);
}
