package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.telemetry.TraceContext;
import java.time.Duration;
import java.util.Optional;

/// A task as the engine needs it: just claimed, or found by a sweep.
///
/// @param lease           its latest attempt
/// @param input           a JSON object
/// @param retryCount      attempts that failed so far
/// @param crashRecoveries workers lost while they ran it, since its last progress
/// @param trace           what its caller was doing
/// @param deadlineIn      how long until its deadline, from the read on; empty: none
/// @param cancelRequested whether its owner has cancelled it
record ClaimedTask(
        Lease lease,
        String type,
        String input,
        int retryCount,
        int maxRetries,
        int crashRecoveries,
        Optional<String> correlation,
        Optional<TraceContext> trace,
        Optional<Duration> deadlineIn,
        boolean cancelRequested) {

    ClaimedTask {
        requireNonNull(lease, "lease");
        requireNonNull(type, "type");
        requireNonNull(input, "input");
        requireNonNull(correlation, "correlation");
        requireNonNull(trace, "trace");
        requireNonNull(deadlineIn, "deadlineIn");
    }
}
