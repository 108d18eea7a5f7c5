package dev.steward.resilience;

/// What is shed first when there is more work than room; later ones go first and may fill more of the queue (RES-6).
public enum Importance {
    /// Nobody waits for it: summaries, memory, scheduled prompts. May fill half of the queue.
    BACKGROUND(0.5),
    /// A person waits. May fill nine tenths of the queue.
    NORMAL(0.9),
    /// Shed last. May fill the whole queue.
    CRITICAL(1);

    private final double queueShare;

    Importance(double queueShare) {
        this.queueShare = queueShare;
    }

    /// How many may wait in a queue with room for `queueMax`, this work included; at least one if there is any room.
    int room(int queueMax) {
        return queueMax == 0 ? 0 : Math.max(1, (int) (queueMax * queueShare));
    }
}
