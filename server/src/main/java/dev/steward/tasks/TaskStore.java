package dev.steward.tasks;

import dev.steward.base.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What the engine asks of the table. Every method is one transaction, or joins the caller's. Times are the
/// store's own.
/// Safe for use by many threads.
///
/// Any method may throw when the database can't answer; whether the change was made is then unknown, and
/// every method may be repeated.
interface TaskStore {

    /// Accepts those whose id, and whose unique key, is not there yet.
    ///
    /// @return how many were new
    int accept(List<Acceptance> tasks);

    /// Accepts tasks that `worker` begins with at once: they are running from the start, with the fence 1. What is
    /// due later, has a deadline, a unique key or a limit per key can't be accepted like this.
    ///
    /// @return whether all were new; otherwise nothing was changed
    boolean acceptRunning(UUID worker, List<Acceptance> tasks, Duration lease);

    /// Whether the caller is inside a transaction.
    boolean inTransaction();

    /// Does it after the caller's transaction has committed; at once when there is none.
    void afterCommit(Runnable action);

    /// Makes ready tasks running, the most urgent first and, of equal ones, those that are due longest.
    ///
    /// @param slots how many of each type at most; types that are not named stay
    List<ClaimedTask> claim(UUID worker, Map<String, Integer> slots, int max, Duration lease);

    /// As [#claim], but exactly these tasks, as far as they are of the type that they are said to be, are due, and
    /// nobody has them.
    List<ClaimedTask> claimThese(UUID worker, Collection<ReadyTask> tasks, Duration lease);

    /// Which of these types have a task that is due.
    Set<String> ready(Collection<String> types);

    /// As [#claim] for one type whose limits hold for all processes: nobody else claims of it meanwhile.
    ///
    /// @param slots how many at most
    LimitedClaim claimLimited(UUID worker, String type, TaskLimits limits, int slots, Duration lease);

    /// What a claim under limits gave.
    ///
    /// @param again when the limit of starts per second lets another one begin; empty: it does not hold any back
    record LimitedClaim(List<ClaimedTask> tasks, Optional<Duration> again) {}

    /// Ranks those highest that have been due longest, for each type so many, if they have been due for `waited`.
    ///
    /// @return how many
    int lift(Map<String, Integer> counts, Duration waited);

    /// How many tasks of each owner and type are due and wait.
    Map<Backlogs.Key, Long> backlogs();

    /// The types that are paused; [#EVERY_TYPE] when all are.
    Set<String> paused();

    /// Stands for every type where types are paused.
    String EVERY_TYPE = "*";

    /// Writes endings of completed tasks, and in the same transaction makes ready what waited for nothing else.
    Completed complete(List<Ending> completed);

    /// What a writing of completed tasks did.
    ///
    /// @param counted how many endings counted
    record Completed(int counted, List<Released> released) {

        static final Completed NONE = new Completed(0, List.of());

        public Completed {
            released = List.copyOf(released);
        }
    }

    /// A task that waited for others and is ready now.
    ///
    /// @param delay how long until it is due
    record Released(TaskId task, String type, Duration delay) {}

    /// Writes endings of other kinds, with the history of their attempts. A cancelled task is not put back to
    /// wait.
    ///
    /// @return the leases whose ending counted
    Set<Lease> end(List<Ending> endings);

    /// Prolongs leases and gives a sign of life for the worker.
    ///
    /// @return those still held, with whether their task was cancelled
    Map<Lease, Boolean> beat(UUID worker, Collection<Lease> leases, Duration lease);

    /// Keeps the most progress reported so far; progress beyond what was seen before clears the count of lost
    /// workers.
    void progress(Map<Lease, Double> done);

    /// Keeps lines of attempts; those that are there already stay as they are.
    void log(List<LogLine> lines);

    /// Registers a worker. Other workers of the same home are over: their leases end now.
    void join(UUID worker, String home);

    /// The worker stops and holds nothing any more.
    void leave(UUID worker);

    /// Puts back what the table shows as this worker's but what it does not know of: a claim whose answer got
    /// lost.
    int releaseUnknown(UUID worker, Collection<Lease> known);

    /// Running tasks whose lease is over and that must not simply run again: cancelled ones, those that have lost
    /// at least `crashesBefore` workers before, and those of the types that must not be repeated.
    List<ClaimedTask> expiredForGood(int crashesBefore, Set<String> unrepeatable, int max);

    /// Puts all other running tasks whose lease is over back, counting a lost worker for each.
    ///
    /// @return how many
    int reap(int crashesBefore, Set<String> unrepeatable, int max);

    /// Waiting tasks whose deadline has passed.
    List<ClaimedTask> pastDeadline(int max);

    /// Marks as cancelled what waits; asks for the cancelling of what runs.
    Cancelled cancel(UserId owner, TaskId task);

    /// What a cancel met.
    sealed interface Cancelled {

        /// No such task of this owner, or it is over.
        record Nothing() implements Cancelled {}

        /// It waited, and will not run.
        record Waiting(ClaimedTask task) implements Cancelled {}

        /// It runs; its attempt is to be interrupted.
        record Running(Lease lease) implements Cancelled {}
    }

    /// Makes waiting tasks due now.
    void hurry(Collection<TaskId> tasks);

    /// Keeps others from changing what follows what among this owner's tasks, until the caller's transaction ends.
    /// Taken before any row of a task is changed.
    void lockGraph(UserId owner);

    /// As [#lockGraph] when this task is followed or follows.
    void lockIfLinked(UserId owner, TaskId task);

    /// Marks tasks whose end others are to wait for, in the caller's transaction and under the lock.
    ///
    /// @return where each stands that this owner has
    Map<TaskId, TaskStatus> follow(UserId owner, Collection<TaskId> predecessors);

    /// Keeps what follows what, in the transaction that accepts the followers and under the lock. A follower with an
    /// open edge waits.
    void hold(UserId owner, List<TaskEdge> edges);

    /// What these tasks follow, and have followed; those that follow none are left out.
    Map<TaskId, TaskLinks> links(UserId owner, Collection<TaskId> followers);

    /// Does what the end of these tasks means for those that follow them, in the transaction that ends them.
    ///
    /// @param status how they ended; not `COMPLETED`, which [#complete] sees to
    Consequences ended(UserId owner, Collection<TaskId> tasks, TaskStatus status);

    /// What became of followers.
    ///
    /// @param cancelled will not run; their handlers are to be told
    record Consequences(List<Released> released, List<ClaimedTask> cancelled) {

        static final Consequences NONE = new Consequences(List.of(), List.of());

        public Consequences {
            released = List.copyOf(released);
            cancelled = List.copyOf(cancelled);
        }
    }

    /// How many tasks wait, for a worker or for others, and how many dead letters there are.
    Sizes sizes();

    record Sizes(long waiting, long dead) {}
}
