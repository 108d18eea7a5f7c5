package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.output.FailureWords;
import dev.steward.conversations.EventDraft;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// The time before a model's first word. A reader is told why nothing comes, more and more rarely: each telling is
/// a row of the turn's events. For one thread.
final class Silence {

    private final LongSupplier nanoTime;
    private final long began;
    private long nextNanos;
    private boolean over;

    /// @param first how long nothing is said about it; then again each time this has doubled
    Silence(Duration first) {
        this(first, System::nanoTime);
    }

    Silence(Duration first, LongSupplier nanoTime) {
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.began = nanoTime.getAsLong();
        this.nextNanos = first.toNanos();
    }

    /// The first word is said.
    void end() {
        over = true;
    }

    /// What is to be told now; empty if nothing.
    ///
    /// @param read  tokens of the prompt that are read
    /// @param total tokens of the prompt; 0 when not known
    List<EventDraft> look(int read, int total) {
        long silent = nanoTime.getAsLong() - began;
        if (over || silent < nextNanos) {
            return List.of();
        }
        while (nextNanos <= silent) {
            nextNanos *= 2;
        }
        return List.of(EventDraft.status(FailureWords.reading(read, total), read, total));
    }
}
