package dev.steward.tasks;

import dev.steward.base.UserId;

/// The way in to the durable queue. Safe for use by many threads.
public interface TaskQueue {

    /// Accepts a task in the caller's transaction, or in one of its own when there is none. After the commit a worker
    /// of
    /// this process gets it without waiting for a poll. Accepting an id again changes nothing.
    ///
    /// @throws dev.steward.base.StewardException `service_unavailable` with a retry time when the queue is full
    void accept(NewTask task);

    /// Cancels a task of this owner: a waiting one never runs, a running one is interrupted.
    ///
    /// @return whether it was still to be cancelled
    boolean cancel(UserId owner, TaskId task);
}
