/// Logs, metrics and traces: one way to say what happened, with the ids that join them (OBS-1, OBS-2, OBS-3).
///
/// [Correlation] holds the ids of the work that a thread is doing; [Tracing] opens spans, which cost next to nothing
/// when no collector is configured; [LogEncoder] writes each log event as one line, secrets masked; meters are made at
/// Micrometer's registry under the names of docs/reference/metrics.md.
@NullMarked
package dev.steward.telemetry;

import org.jspecify.annotations.NullMarked;
