package dev.steward.tasks;

import java.util.Arrays;
import java.util.Locale;

/// Where a task stands (TASK-1). The numbers are those of the table.
///
/// `pending` → `running` → `completed`, or back to `pending` for a retry, a take-over or a stop of the
/// server. What can't be completed ends as `dead_letter`, which a person may send back to `pending` or dismiss as
/// `failed`.
public enum TaskStatus {
    PENDING(0),
    RUNNING(1),
    COMPLETED(2),
    FAILED(3),
    CANCELLED(4),
    DEAD_LETTER(5);

    /// In the table: pending, and waiting for other tasks.
    static final int HELD = 6;

    private final int number;

    TaskStatus(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static TaskStatus of(int number) {
        return Arrays.stream(values())
                .filter(s -> s.number == (number == HELD ? PENDING.number : number))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no status has the number " + number));
    }

    /// Whether it will run no more by itself.
    public boolean ended() {
        return this != PENDING && this != RUNNING;
    }

    /// The name on the wire, such as `dead_letter`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
