package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One time that a dead letter was sent back.
///
/// @param number      from 1
/// @param actor       the account that did it
/// @param cause       what it had died of
/// @param inputBefore the input as it was, as JSON; empty: it was left as it was
record ReplayRecord(
        int number, Instant at, UUID actor, String reason, Optional<String> cause, Optional<String> inputBefore) {

    ReplayRecord {
        requireNonNull(at, "at");
        requireNonNull(actor, "actor");
        requireNonNull(reason, "reason");
    }
}
