package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/// Names one account, for ever.
public record UserId(UUID value) {

    public UserId {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
