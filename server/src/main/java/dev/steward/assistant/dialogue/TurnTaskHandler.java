package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.output.FailureWords;
import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.Turns;
import dev.steward.tasks.EndedTask;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskPostponedException;
import dev.steward.tasks.TaskStatus;
import java.time.Duration;
import java.util.Optional;

/// Answers turns, one attempt at a time. Whatever ends an attempt, the next one goes on from the text that was
/// written; a turn ends exactly once, in the statement that writes its last event.
final class TurnTaskHandler implements TaskHandler {

    static final String TYPE = "turn";

    /// The queue's own retries, for what is nobody's plan: the database gone, a bug. Failures of models are counted
    /// by the turn itself.
    static final int RETRIES_MAX = 20;

    /// Longer than any answer may take with every backend of a chain.
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    /// How soon a turn looks again whether the one before it has ended; that one's end makes it look at once.
    private static final Duration IN_LINE = Duration.ofSeconds(2);

    private static final String DONE = "{}";

    private final Turns turns;
    private final Answering answering;
    private final Line line;
    private final int answersMax;

    TurnTaskHandler(Turns turns, Answering answering, Line line, int answersMax) {
        this.turns = requireNonNull(turns, "turns");
        this.answering = requireNonNull(answering, "answering");
        this.line = requireNonNull(line, "line");
        this.answersMax = answersMax;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public int concurrencyMax() {
        return answersMax;
    }

    @Override
    public String run(TaskAttempt attempt) throws InterruptedException, TaskPostponedException {
        TurnId id = Jsons.turnOf(attempt.input());
        Optional<Turn> known = find(attempt, id);
        if (known.isEmpty() || known.get().status().ended()) {
            return DONE;
        }
        if (turns.mustWait(known.get())) {
            throw new TaskPostponedException(IN_LINE, "an earlier message of the conversation is being answered");
        }
        Optional<Turn> mine = turns.start(id, attempt.fence());
        if (mine.isPresent()) {
            answering.answer(mine.get(), attempt);
        }
        return DONE;
    }

    @Override
    public double reached(String input) {
        return AnswerText.progress(turns.said(Jsons.turnOf(input)).text().length());
    }

    /// The task ended without an answer; so does its turn, in the same transaction.
    @Override
    public void ended(EndedTask task) {
        TurnId id = Jsons.turnOf(task.input());
        Optional<String> problem = task.status() == TaskStatus.CANCELLED
                ? Optional.empty()
                : Optional.of(Jsons.problem(
                        FailureWords.gaveUp(task.code()), id, task.id().toString()));
        if (turns.abandon(id, problem)) {
            line.moveUp(turns.find(task.owner(), id));
        }
    }

    /// A turn whose conversation was deleted ends here.
    private Optional<Turn> find(TaskAttempt attempt, TurnId id) {
        try {
            return Optional.of(turns.find(attempt.owner(), id));
        } catch (StewardException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            turns.abandon(id, Optional.empty());
            return Optional.empty();
        }
    }
}
