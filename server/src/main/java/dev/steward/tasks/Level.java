package dev.steward.tasks;

import java.util.List;

/// The rank by which waiting tasks are taken, 0 to 15, highest first: the priority, and within it how much its
/// owner had waiting already. So a person with little in the queue does not wait behind another's ten thousand.
final class Level {

    /// Above everything: what has waited too long.
    static final int TOP = 15;

    /// Tasks of an owner and type that wait before the next one counts less, for each of the four lanes. Each lane
    /// serves ten times what the one before does: with any number of waiting tasks, somebody who comes later waits
    /// behind at most ten times as many of another's tasks as of their own.
    static final List<Integer> LANES = List.of(10, 100, 1000);

    private Level() {}

    /// @param lane 0, the best, to 3
    static int of(Priority priority, int lane) {
        return priority.number() * (LANES.size() + 1) + LANES.size() - lane;
    }

    /// @param waiting how many tasks of the owner and type wait already
    static int lane(long waiting) {
        int lane = 0;
        while (lane < LANES.size() && waiting >= LANES.get(lane)) {
            lane++;
        }
        return lane;
    }
}
