/// Logs, metrics and traces: one way to say what happened, with the ids that join them (OBS-1, OBS-2, OBS-3).
@NullMarked
package dev.steward.telemetry;

import org.jspecify.annotations.NullMarked;
