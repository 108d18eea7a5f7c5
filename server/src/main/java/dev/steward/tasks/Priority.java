package dev.steward.tasks;

/// Which of two ready tasks runs first. The numbers are part of the HTTP contract (TASK-1).
public enum Priority {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
