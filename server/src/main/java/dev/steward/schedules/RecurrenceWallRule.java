package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/// An RFC 5545 `RRULE` with its `DTSTART`, reckoned in floating time.
final class RecurrenceWallRule implements WallRule {

    static final int LENGTH_MAX = 500;

    private final RecurrenceRule rule;
    private final LocalDateTime starts;

    /// @param zone in which an absolute `UNTIL` is read
    /// @throws IllegalArgumentException it is no `RRULE`; the message says why
    RecurrenceWallRule(String expression, LocalDateTime starts, ZoneId zone) {
        this.starts = requireNonNull(starts, "starts");
        try {
            this.rule = new RecurrenceRule(expression, RecurrenceRule.RfcMode.RFC5545_STRICT);
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        DateTime until = rule.getUntil();
        if (until != null) {
            rule.setUntil(floating(local(until, zone)));
        }
    }

    @Override
    public Optional<LocalDateTime> next(LocalDateTime after) {
        RecurrenceRuleIterator times = rule.iterator(floating(startNear(after)));
        if (after.isAfter(starts)) {
            times.fastForward(floating(after));
        }
        while (times.hasNext()) {
            LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(times.nextMillis()), ZoneOffset.UTC);
            if (time.isAfter(after)) {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    /// A start from which the runs after `after` are the same, so that what one costs does not grow with the years: a
    /// rule
    /// that counts hours or less repeats itself with each of its intervals, unless it ends by a number of runs.
    private LocalDateTime startNear(LocalDateTime after) {
        if (!counting() || rule.getCount() != null || !after.isAfter(starts)) {
            return starts;
        }
        ChronoUnit unit = switch (rule.getFreq()) {
            case HOURLY -> ChronoUnit.HOURS;
            case MINUTELY -> ChronoUnit.MINUTES;
            default -> ChronoUnit.SECONDS;
        };
        long passed = unit.between(starts, after);
        return starts.plus(passed - passed % rule.getInterval(), unit);
    }

    @Override
    public boolean counting() {
        return rule.getFreq() == Freq.HOURLY || rule.getFreq() == Freq.MINUTELY || rule.getFreq() == Freq.SECONDLY;
    }

    private static LocalDateTime local(DateTime until, ZoneId zone) {
        if (until.isAllDay()) {
            return LocalDateTime.of(until.getYear(), until.getMonth() + 1, until.getDayOfMonth(), 23, 59, 59);
        }
        if (until.isFloating()) {
            return LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), ZoneOffset.UTC);
        }
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), zone);
    }

    /// Months count from zero in this library.
    private static DateTime floating(LocalDateTime time) {
        return new DateTime(
                time.getYear(),
                time.getMonthValue() - 1,
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond());
    }
}
