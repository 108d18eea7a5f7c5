package dev.steward.components;

/// How much depends on a component (RES-13). The product answers as long as tier 0 works.
public enum Tier {
    /// Configuration, logging, database, model access, HTTP, resilience: without one of these Steward does not start.
    CORE,
    /// Error handling, recovery, memory, configuration checks: without them answers are degraded.
    ESSENTIAL,
    /// Resource management, profiling, correlation, metrics.
    SUPPORT,
    /// Child processes, leak detection, batch work, cryptography extras.
    EXTENDED,
    /// API extras: backpressure, coalescing, adaptive limits.
    OPTIONAL
}
