package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

/// One task follows another of the same owner.
///
/// @param open whether the follower still waits for it
record TaskEdge(TaskId follower, TaskId predecessor, IfFailed ifFailed, boolean open) {

    TaskEdge {
        requireNonNull(follower, "follower");
        requireNonNull(predecessor, "predecessor");
        requireNonNull(ifFailed, "ifFailed");
    }
}
