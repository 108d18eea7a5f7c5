package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/// Names one task, for ever.
public record TaskId(UUID value) {

    public TaskId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
