package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/// Names one turn, for ever.
public record TurnId(UUID value) {

    public TurnId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
