package dev.steward.components;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A part of the running system that reports whether it works. Its owner tells; readers see the last thing told.
///
/// Safe for use by many threads.
public final class Component {

    private final InstantSource clock;
    private final AtomicReference<ComponentStatus> status;

    Component(String name, Tier tier, InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        this.status = new AtomicReference<>(new ComponentStatus(
                name,
                tier,
                ComponentStatus.State.DOWN,
                clock.instant(),
                Optional.empty(),
                Saying.NOT_STARTED.english()));
    }

    /// It did its work just now.
    public void worked() {
        report(ComponentStatus.State.UP, "", true);
    }

    /// It works in part; `message` says for people what does not and what still does.
    public void degraded(String message) {
        report(ComponentStatus.State.DEGRADED, message, false);
    }

    /// It does not work; `message` says for people what that means.
    public void failed(String message) {
        report(ComponentStatus.State.DOWN, message, false);
    }

    public ComponentStatus status() {
        return status.get();
    }

    private void report(ComponentStatus.State state, String message, boolean success) {
        Instant now = clock.instant();
        status.updateAndGet(old -> new ComponentStatus(
                old.name(),
                old.tier(),
                state,
                old.state() == state ? old.since() : now,
                success ? Optional.of(now) : old.lastSuccess(),
                message));
    }
}
