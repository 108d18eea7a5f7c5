package dev.steward.components;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/// A component as it was when read.
///
/// @param since       when it came into this state
/// @param lastSuccess when it last did its work; empty if it never has
/// @param message     for people: what is wrong and what still works; empty when all is well
public record ComponentStatus(
        String name, Tier tier, State state, Instant since, Optional<Instant> lastSuccess, String message) {

    /// Whether a component can do its work now.
    public enum State {
        UP,
        DEGRADED,
        DOWN
    }

    public ComponentStatus {
        requireNonNull(name, "name");
        requireNonNull(tier, "tier");
        requireNonNull(state, "state");
        requireNonNull(since, "since");
        requireNonNull(lastSuccess, "lastSuccess");
        requireNonNull(message, "message");
    }
}
