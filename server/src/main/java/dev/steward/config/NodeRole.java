package dev.steward.config;

/// What a process of Steward does. One process does all; a large installation splits the work (OPS-5).
public enum NodeRole {
    /// Serves requests and works on tasks.
    ALL,
    /// Serves requests only.
    API,
    /// Works on tasks only.
    WORKER;

    /// Whether it takes tasks from the queue.
    public boolean works() {
        return this != API;
    }

    /// Whether it serves people and their programs. A worker serves health and metrics only.
    public boolean serves() {
        return this != WORKER;
    }
}
