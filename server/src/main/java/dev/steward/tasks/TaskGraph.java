package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/// Accepts tasks that follow others. Safe for use by many threads.
final class TaskGraph {

    /// Tasks that one task may follow.
    static final int AFTER_MAX = 100;

    private final TaskStore store;
    private final Transactions transactions;
    private final Predicate<Acceptance> accept;

    /// @param accept accepts one task in the running transaction, and tells whether it was new
    TaskGraph(TaskStore store, Transactions transactions, Predicate<Acceptance> accept) {
        this.store = requireNonNull(store, "store");
        this.transactions = requireNonNull(transactions, "transactions");
        this.accept = requireNonNull(accept, "accept");
    }

    /// Accepts a task together with what it follows: all or nothing. The same id again, or a unique key that is
    /// taken, changes nothing.
    ///
    /// @param after ids of tasks of the same owner
    /// @throws StewardException `validation_error` when one of them is unknown, or has ended so that the task could
    ///                          never run
    void accept(Acceptance task, Collection<TaskId> after, IfFailed ifFailed) {
        UserId owner = task.task().owner();
        transactions.inOne(() -> {
            store.lockGraph(owner);
            List<TaskId> predecessors = List.copyOf(new LinkedHashSet<>(after));
            List<TaskEdge> edges =
                    edges(task.task().id(), predecessors, ifFailed, store.follow(owner, predecessors), "after");
            boolean accepted = accept.test(task);
            if (accepted) {
                store.hold(owner, edges);
            }
            return accepted;
        });
    }

    /// Does all of `acceptance`, or nothing.
    void inOne(Runnable acceptance) {
        transactions.inOne(() -> {
            acceptance.run();
            return true;
        });
    }

    private static List<TaskEdge> edges(
            TaskId follower,
            List<TaskId> predecessors,
            IfFailed ifFailed,
            Map<TaskId, TaskStatus> found,
            String field) {
        List<TaskEdge> edges = new ArrayList<>();
        List<FieldFault> faults = new ArrayList<>();
        for (int i = 0; i < predecessors.size(); i++) {
            TaskId predecessor = predecessors.get(i);
            TaskStatus status = found.get(predecessor);
            String at = field + "[" + i + "]";
            if (status == null) {
                faults.add(new FieldFault(at, "not_found", "must be the id of a task of yours"));
                continue;
            }
            switch (ifFailed.verdict(status)) {
                case WAITS -> edges.add(new TaskEdge(follower, predecessor, ifFailed, true));
                case SATISFIED -> edges.add(new TaskEdge(follower, predecessor, ifFailed, false));
                case CANCELLED ->
                    faults.add(new FieldFault(
                            at,
                            "not_completed",
                            "is " + status.wire()
                                    + ", so this task would never run; leave it out, or use if_failed run"));
            }
        }
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        return edges;
    }

    /// What is wrong with a list of ids before the table is asked.
    static List<FieldFault> faults(Collection<?> after) {
        if (after.size() > AFTER_MAX) {
            return List.of(new FieldFault("after", "length", "must name at most " + AFTER_MAX + " tasks"));
        }
        return after.stream().anyMatch(Objects::isNull)
                ? List.of(new FieldFault("after", "type", "must be a list of ids of tasks"))
                : List.of();
    }

    /// What these tasks follow; those that follow none are left out.
    Map<TaskId, TaskLinks> linksOf(UserId owner, Collection<TaskId> tasks) {
        return store.links(owner, tasks);
    }
}
