package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.models.Answer;
import dev.steward.models.AnswerEvent;
import dev.steward.telemetry.Correlation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Reads a model's answer on a thread of its own, so that whoever writes it down can wait for the next piece with a
/// time limit. Holds at most [#AHEAD_MAX] pieces; when the writer is slow, the backend waits.
///
/// [#poll] is for one thread; [#close] cancels the call at the backend.
final class AnswerPump implements AutoCloseable {

    private static final int AHEAD_MAX = 256;

    private final Answer answer;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(AHEAD_MAX);
    private final Thread reader;

    private sealed interface Piece {
        record Event(AnswerEvent event) implements Piece {}

        record Failure(RuntimeException cause) implements Piece {}
    }

    AnswerPump(Answer answer) {
        this.answer = requireNonNull(answer, "answer");
        this.reader = Thread.ofVirtual().name("answer-pump").start(Correlation.carried(this::read));
    }

    /// The next piece, or empty when none came in time.
    ///
    /// @throws RuntimeException what the answer threw, after every piece before it
    Optional<AnswerEvent> poll(Duration patience) throws InterruptedException {
        return switch (pieces.poll(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            case null -> Optional.empty();
            case Piece.Event(AnswerEvent event) -> Optional.of(event);
            case Piece.Failure(RuntimeException cause) -> throw cause;
        };
    }

    @Override
    public void close() {
        answer.close();
        reader.interrupt();
    }

    private void read() {
        try {
            AnswerEvent event;
            do {
                event = answer.next();
                pieces.put(new Piece.Event(event));
            } while (!(event instanceof AnswerEvent.Done));
        } catch (InterruptedException _) {
            // Nobody waits for this answer any more.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException cause) {
        try {
            pieces.put(new Piece.Failure(cause));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
