package dev.steward.tasks;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a recurring task runs, as people write it. Exactly one of `cron` and `rrule` is given.
///
/// @param cron             five fields: minute, hour, day of month, month, day of week
/// @param rrule            the value of an RFC 5545 `RRULE`
/// @param timeZone         an IANA name; left out: the person's own
/// @param starts           local time; nothing runs before it, and it is the rule's `DTSTART`; left out:
///     `run_at`, or now
/// @param except           local times at which it does not run
/// @param missed           `skip`, `run_once` or `run_all`; left out: `run_once`
/// @param missedMax        of `run_all`: the most that run at once; left out: 10
/// @param expectedWithinMs a run has to be over so long after its time, or its owner is told
public record TaskSchedule(
        @Schema(example = "0 8 * * 1-5") @Nullable String cron,

        @Schema(example = "FREQ=WEEKLY;BYDAY=MO") @Nullable String rrule,

        @Schema(example = "Europe/Berlin") @Nullable String timeZone,

        @Nullable LocalDateTime starts,
        @Nullable List<LocalDateTime> except,

        @Schema(allowableValues = {"skip", "run_once", "run_all"}) @Nullable String missed,

        @Schema(minimum = "1", maximum = "100") @Nullable Integer missedMax,
        @Nullable Long expectedWithinMs) {}
