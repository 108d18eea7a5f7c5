package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.conversations.Turn;
import dev.steward.conversations.Turns;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import java.util.List;

/// Turns of one conversation are answered one after the other, since each answer is part of the next question's
/// context.
final class Line {

    private final Turns turns;
    private final TaskQueue tasks;

    Line(Turns turns, TaskQueue tasks) {
        this.turns = requireNonNull(turns, "turns");
        this.tasks = requireNonNull(tasks, "tasks");
    }

    /// A turn has ended: the next one need not wait for its time.
    void moveUp(Turn ended) {
        turns.nextInLine(ended).ifPresent(next -> tasks.hurry(List.of(new TaskId(next.task()))));
    }
}
