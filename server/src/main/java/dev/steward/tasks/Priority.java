package dev.steward.tasks;

import java.util.Arrays;

/// Which of two ready tasks runs first. The numbers are part of the HTTP contract (TASK-1).
public enum Priority {
    LOW(0),
    MEDIUM(1),
    HIGH(2),
    CRITICAL(3);

    private final int number;

    Priority(int number) {
        this.number = number;
    }

    /// The number on the wire and in the table.
    public int number() {
        return number;
    }

    /// @throws IllegalArgumentException if there is none of this number
    public static Priority of(int number) {
        return Arrays.stream(values())
                .filter(p -> p.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no priority has the number " + number));
    }
}
