package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.output.FailureWords;
import dev.steward.base.ErrorCode;
import dev.steward.conversations.Turn;
import dev.steward.conversations.Turns;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends turns whose task is over or gone, so that nobody waits for an answer that will not come. A second net under
/// [TurnTaskHandler#ended]: it has work only when that failed.
final class TurnReaper implements AutoCloseable {

    /// A turn that moved since is in good hands.
    static final Duration AGE = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final int TURNS_MAX = 200;

    private static final Logger log = LoggerFactory.getLogger(TurnReaper.class);

    private final Turns turns;
    private final TaskQueue tasks;
    private final Line line;
    private final Thread thread;
    private volatile boolean closed;

    TurnReaper(Turns turns, TaskQueue tasks, Line line) {
        this.turns = requireNonNull(turns, "turns");
        this.tasks = requireNonNull(tasks, "tasks");
        this.line = requireNonNull(line, "line");
        this.thread = Thread.ofVirtual().name("turn-reaper").unstarted(this::watch);
    }

    TurnReaper start() {
        thread.start();
        return this;
    }

    /// @return how many turns it ended
    int reap() {
        int ended = 0;
        for (Turn turn : turns.unfinished(AGE, TURNS_MAX)) {
            Optional<TaskStatus> status = tasks.status(turn.owner(), new TaskId(turn.task()));
            if (status.isPresent() && !status.get().ended()) {
                continue;
            }
            boolean cancelled = status.filter(s -> s == TaskStatus.CANCELLED).isPresent();
            Optional<String> problem = cancelled
                    ? Optional.empty()
                    : Optional.of(Jsons.problem(
                            FailureWords.gaveUp(ErrorCode.TASK_EXECUTION_FAILED), turn.id(), turn.traceId()));
            if (turns.abandon(turn.id(), problem)) {
                ended++;
                log.atWarn().addKeyValue("turn_id", turn.id()).log("a turn had lost its task and was ended");
                line.moveUp(turn);
            }
        }
        return ended;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(LOOK);
                reap();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("turns without a task can't be looked for now");
            }
        }
    }
}
