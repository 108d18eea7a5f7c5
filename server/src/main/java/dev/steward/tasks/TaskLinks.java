package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// What a task follows.
///
/// @param after      tasks that it follows; of the final task of a batch the first [TaskGraph#AFTER_MAX]
/// @param waitingFor how many of them it still waits for
/// @param ifFailed   what becomes of it when one of them is not completed; empty: it follows none
record TaskLinks(List<TaskId> after, int waitingFor, Optional<IfFailed> ifFailed) {

    static final TaskLinks NONE = new TaskLinks(List.of(), 0, Optional.empty());

    TaskLinks {
        after = List.copyOf(after);
        requireNonNull(ifFailed, "ifFailed");
    }
}
