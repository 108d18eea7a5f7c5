package dev.steward.tasks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What becomes of a task when one that it follows is not completed. The numbers are those of the table.
enum IfFailed {
    /// Goes on waiting while that one is a dead letter, which a replay may still save; is cancelled when that one
    /// is cancelled or dismissed.
    WAIT(0),
    /// Is cancelled at once.
    CANCEL(1),
    /// Runs all the same: it waits for the end, however that looks.
    RUN(2);

    private final int number;

    IfFailed(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static IfFailed of(int number) {
        return values()[number];
    }

    /// What the end of a predecessor means for a follower under this policy.
    Verdict verdict(TaskStatus predecessor) {
        return switch (predecessor) {
            case PENDING, RUNNING -> Verdict.WAITS;
            case COMPLETED -> Verdict.SATISFIED;
            case DEAD_LETTER -> this == WAIT ? Verdict.WAITS : this == RUN ? Verdict.SATISFIED : Verdict.CANCELLED;
            case FAILED, CANCELLED -> this == RUN ? Verdict.SATISFIED : Verdict.CANCELLED;
        };
    }

    enum Verdict {
        WAITS,
        SATISFIED,
        CANCELLED
    }

    static Optional<IfFailed> parse(String text) {
        return Arrays.stream(values()).filter(p -> p.wire().equals(text)).findFirst();
    }

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
