package dev.steward.web;

import static java.util.Objects.requireNonNull;

import org.springframework.context.SmartLifecycle;

/// Runs an action when the server begins to stop, before it waits for open requests: streams would keep it
/// waiting.
final class EndBeforeDrain implements SmartLifecycle {

    private final Runnable action;
    private volatile boolean running;

    EndBeforeDrain(Runnable action) {
        this.action = requireNonNull(action, "action");
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        action.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// The highest phase stops first; the web server's graceful shutdown comes after it.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
