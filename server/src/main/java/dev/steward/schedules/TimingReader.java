package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.Wording;
import dev.steward.tasks.TaskSchedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/// Reads what people write about times, and says what would pass where it doesn't. Safe for use by many
/// threads.
final class TimingReader {

    static final int EXCEPT_MAX = 500;

    /// How many runs are looked at for being too close.
    private static final int GAPS_LOOKED_AT = 300;

    private static final Duration EXPECTED_MAX = Duration.ofDays(7);

    private final SchedulesConfig config;

    TimingReader(SchedulesConfig config) {
        this.config = requireNonNull(config, "config");
    }

    /// What was read.
    record Read(Timing timing, Schedule.Rules rules) {}

    /// @param zone   where none is given
    /// @param starts where none is given
    /// @param faults gets what is wrong
    /// @return empty if anything is
    Optional<Read> read(
            TaskSchedule given, ZoneId zone, Instant starts, Instant now, String field, List<FieldFault> faults) {
        int before = faults.size();
        String cron = given.cron();
        String rrule = given.rrule();
        ZoneId in = zone(given.timeZone(), zone, field, faults);
        Schedule.Rules rules = rules(given, field, faults);
        if ((cron == null) == (rrule == null)) {
            faults.add(new FieldFault(
                    field, "one_of", "give either cron, such as \"0 8 * * 1-5\", or rrule, such as \"FREQ=DAILY\""));
        }
        List<LocalDateTime> except = given.except() == null ? List.of() : given.except();
        if (except.size() > EXCEPT_MAX) {
            faults.add(new FieldFault(field + ".except", "length", "must have at most " + EXCEPT_MAX + " times"));
        }
        if (faults.size() > before) {
            return Optional.empty();
        }
        LocalDateTime from = given.starts() != null
                ? given.starts()
                : LocalDateTime.ofInstant(starts, in).truncatedTo(ChronoUnit.MINUTES);
        Timing timing = new Timing(
                cron != null ? Timing.Kind.CRON : Timing.Kind.RRULE,
                normal(cron != null ? cron : requireNonNull(rrule)),
                from,
                new TreeSet<>(except),
                in);
        faults.addAll(faults(timing, now, field));
        return faults.size() > before ? Optional.empty() : Optional.of(new Read(timing, rules));
    }

    /// What is wrong with times: no such rule, never, only in the past, too often.
    List<FieldFault> faults(Timing timing, Instant now, String field) {
        List<FieldFault> faults = new ArrayList<>();
        String where = timing.kind() == Timing.Kind.ONCE
                ? field
                : field + "." + timing.kind().wire();
        int max = timing.kind() == Timing.Kind.CRON ? CronRule.LENGTH_MAX : RecurrenceWallRule.LENGTH_MAX;
        if (timing.expression().length() > max) {
            faults.add(new FieldFault(where, "length", Saying.AT_MOST_CHARACTERS.said(max)));
            return faults;
        }
        int year = timing.starts().getYear();
        int thisYear = LocalDateTime.ofInstant(now, timing.zone()).getYear();
        if (year < 1970 || year > thisYear + 10) {
            faults.add(new FieldFault(field + ".starts", "range", Saying.STARTS_RANGE.said()));
            return faults;
        }
        try {
            happens(timing, now, where).ifPresent(faults::add);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            faults.add(new FieldFault(where, timing.kind().wire(), said(timing, e)));
        }
        return faults;
    }

    private Optional<FieldFault> happens(Timing timing, Instant now, String where) {
        var times = new Occurrences(timing);
        Optional<Occurrence> next;
        try {
            next = times.next(now);
        } catch (IllegalArgumentException _) {
            // The library gives up on a rule that matches nothing for long.
            return Optional.of(never(timing, where));
        }
        if (next.isEmpty()) {
            boolean ever = times.next(
                            timing.starts().minusDays(2).atZone(timing.zone()).toInstant())
                    .isPresent();
            return Optional.of(ever ? new FieldFault(where, "past", Saying.RUNS_OVER.said()) : never(timing, where));
        }
        Optional<Duration> gap = times.shortestGap(next.get().wall().minusSeconds(1), GAPS_LOOKED_AT);
        if (gap.isPresent() && gap.get().compareTo(config.minInterval()) < 0) {
            return Optional.of(new FieldFault(
                    where,
                    "too_frequent",
                    Saying.TOO_FREQUENT.said(
                            gap.get().toSeconds(),
                            config.minInterval().toSeconds(),
                            timing.kind() == Timing.Kind.CRON ? "\"*/15 * * * *\"" : "FREQ=MINUTELY;INTERVAL=15")));
        }
        return Optional.empty();
    }

    private static FieldFault never(Timing timing, String where) {
        return new FieldFault(
                where,
                "never_occurs",
                Saying.NEVER_OCCURS.said(
                        timing.kind() == Timing.Kind.CRON
                                ? "\"0 9 28 2 *\", \"0 8 * * 1-5\""
                                : "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28, FREQ=MONTHLY;BYMONTHDAY=-1"));
    }

    /// What the library says of it is in English only.
    private static Wording said(Timing timing, RuntimeException e) {
        Wording rule = (timing.kind() == Timing.Kind.CRON ? Saying.CRON_RULE : Saying.RRULE_RULE).said();
        String why = String.valueOf(e.getMessage()).replaceFirst("^Failed to parse cron expression\\. ", "");
        String shown = why.length() > 200 ? why.substring(0, 200) : why;
        return new Wording(rule.english() + "; " + shown, rule.phrases());
    }

    private static ZoneId zone(
            @org.jspecify.annotations.Nullable String given, ZoneId own, String field, List<FieldFault> faults) {
        if (given == null) {
            return own;
        }
        // Offsets such as +02:00 know no daylight saving; who wants one writes Etc/GMT-2.
        if (!ZoneId.getAvailableZoneIds().contains(given)) {
            faults.add(new FieldFault(field + ".time_zone", "time_zone", Saying.TIME_ZONE.said()));
            return own;
        }
        return ZoneId.of(given);
    }

    private Schedule.Rules rules(TaskSchedule given, String field, List<FieldFault> faults) {
        Missed missed = Missed.RUN_ONCE;
        if (given.missed() != null) {
            try {
                missed = Missed.of(given.missed());
            } catch (IllegalArgumentException _) {
                faults.add(new FieldFault(field + ".missed", "one_of", "must be skip, run_once or run_all"));
            }
        }
        int max = given.missedMax() == null ? Schedule.Rules.MISSED_MAX_DEFAULT : given.missedMax();
        if (max < 1 || max > Schedule.Rules.MISSED_MAX_LIMIT) {
            faults.add(
                    new FieldFault(field + ".missed_max", "range", "must be 1 to " + Schedule.Rules.MISSED_MAX_LIMIT));
            max = Schedule.Rules.MISSED_MAX_DEFAULT;
        }
        Duration expected = given.expectedWithinMs() == null
                ? config.expectedWithin()
                : Duration.ofMillis(given.expectedWithinMs());
        if (expected.toMillis() < 1000 || expected.compareTo(EXPECTED_MAX) > 0) {
            faults.add(new FieldFault(
                    field + ".expected_within_ms", "range", "must be 1000 to " + EXPECTED_MAX.toMillis()));
        }
        return new Schedule.Rules(missed, max, expected);
    }

    /// One space between fields; rules in upper case, without the name that calendars write before them.
    static String normal(String expression) {
        String text = expression.strip().replaceAll("\\s+", " ");
        return text.contains("=") ? text.toUpperCase(Locale.ROOT).replaceFirst("^RRULE:", "") : text;
    }
}
