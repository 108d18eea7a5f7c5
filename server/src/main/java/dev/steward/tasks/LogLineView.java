package dev.steward.tasks;

import java.time.Instant;

/// A line of a task's log on the wire.
///
/// @param attempt the number of the attempt that wrote it
record LogLineView(int attempt, Instant at, String line) {}
