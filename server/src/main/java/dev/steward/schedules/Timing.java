package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;

/// When something runs: a rule over the time that clocks on the wall show in one zone.
///
/// @param expression five fields of cron, or the value of an RFC 5545 `RRULE`; empty for [Kind#ONCE]
/// @param starts     the one time of [Kind#ONCE]; else nothing runs before it, and it is the rule's `DTSTART`;
///     to the second
/// @param except     local times at which it does not run (`EXDATE`), to the second
public record Timing(
        Kind kind, String expression, LocalDateTime starts, NavigableSet<LocalDateTime> except, ZoneId zone) {

    /// How the times are given.
    public enum Kind {
        ONCE,
        CRON,
        RRULE;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    public Timing {
        requireNonNull(kind, "kind");
        requireNonNull(expression, "expression");
        requireNonNull(zone, "zone");
        starts = starts.truncatedTo(ChronoUnit.SECONDS);
        except = new TreeSet<>(except);
    }

    /// Once, at this local time.
    public static Timing once(LocalDateTime at, ZoneId zone) {
        return new Timing(Kind.ONCE, "", at, new TreeSet<>(), zone);
    }

    /// By an `RRULE` that begins here.
    public static Timing rrule(String rule, LocalDateTime starts, ZoneId zone) {
        return new Timing(Kind.RRULE, rule, starts, new TreeSet<>(), zone);
    }

    /// By a cron expression.
    public static Timing cron(String expression, LocalDateTime starts, ZoneId zone) {
        return new Timing(Kind.CRON, expression, starts, new TreeSet<>(), zone);
    }
}
