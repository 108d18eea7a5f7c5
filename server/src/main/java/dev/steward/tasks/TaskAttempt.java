package dev.steward.tasks;

import dev.steward.base.UserId;

/// One try at a task, as its handler sees it. Safe for use by many threads.
public interface TaskAttempt {

    TaskId task();

    UserId owner();

    /// The JSON object that the task was accepted with.
    String input();

    /// Which try this is, from 1.
    int number();

    /// Grows with every attempt of the task: a write that carries an older number than one seen before must
    /// be refused.
    long fence();

    /// Joins logs and traces of the request that made the task; its request id, or the task's id.
    String correlation();

    /// Whether the task was cancelled by a person, as opposed to timed out, lost, or stopped with the server. Tells
    /// a handler that was interrupted what to record.
    boolean cancelled();

    /// Reports progress, 0 to 1; written at most once a second. What is less than before changes nothing.
    void progress(double done);

    /// Tells people what it does, in one line; kept with the task, written within a second. At most
    /// [AttemptLog#LINES_MAX] lines of [AttemptLog#LINE_MAX] characters; what is more is left out. No secrets.
    void log(String line);
}
