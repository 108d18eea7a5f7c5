package dev.steward.schedules;

import com.github.mangstadt.vinnie.SyntaxStyle;
import com.github.mangstadt.vinnie.VObjectParameters;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Writes schedules as a calendar (RFC 5545). The same schedules in the same year give the same text, so that its
/// digest says whether anything has changed.
final class CalendarWriter {

    /// Runs of a rule that a calendar has no words for, which are listed one by one.
    private static final int LISTED_MAX = 100;

    /// Years of changes of the clocks that are written: rules of zones change more often than this is read anew.
    private static final int ZONE_YEARS = 10;

    /// Schedules are moments; calendars show nothing that has no length.
    private static final Duration LENGTH = Duration.ofMinutes(15);

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);
    private static final Pattern CRON =
            Pattern.compile("(\\d{1,2}) (\\d{1,2}) (\\*|\\d{1,2}) \\* (\\*|[0-7](?:[-,][0-7])*)");

    private CalendarWriter() {}

    /// @param now leaves the first run of each out that is over
    static String write(List<Schedule> schedules, Instant now) {
        var text = new StringWriter();
        try (var out = new VObjectWriter(text, SyntaxStyle.NEW)) {
            out.writeBeginComponent("VCALENDAR");
            out.writeVersion("2.0");
            out.writeProperty("PRODID", "-//Steward//Steward//EN");
            out.writeProperty("CALSCALE", "GREGORIAN");
            out.writeProperty("X-WR-CALNAME", "Steward");
            out.writeProperty("", "REFRESH-INTERVAL", value("DURATION"), "PT1H");
            Map<String, ZoneId> zones = new TreeMap<>();
            schedules.forEach(
                    s -> zones.put(s.timing().zone().getId(), s.timing().zone()));
            for (ZoneId zone : zones.values()) {
                if (!isUtc(zone)) {
                    zone(out, zone, now);
                }
            }
            for (Schedule schedule : schedules) {
                event(out, schedule, now);
            }
            out.writeEndComponent("VCALENDAR");
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void event(VObjectWriter out, Schedule schedule, Instant now) throws IOException {
        Timing timing = schedule.timing();
        // A calendar counts the start in, whether the rule names it or not; so it starts with a run.
        Instant first = timing.starts().atZone(timing.zone()).toInstant().minusSeconds(1);
        var times = new Occurrences(timing);
        Optional<Occurrence> start = times.next(first);
        if (start.isEmpty()) {
            return;
        }
        Optional<String> rule = rule(timing);
        List<Occurrence> listed =
                rule.isEmpty() && timing.kind() == Timing.Kind.CRON ? times.preview(now, LISTED_MAX) : List.of();
        out.writeBeginComponent("VEVENT");
        out.writeProperty("UID", uid(schedule));
        out.writeProperty("DTSTAMP", utc(schedule.updated()));
        out.writeProperty("CREATED", utc(schedule.created()));
        out.writeProperty("LAST-MODIFIED", utc(schedule.updated()));
        time(
                out,
                "DTSTART",
                List.of(
                        listed.isEmpty()
                                ? start.get().wall()
                                : listed.getFirst().wall()),
                timing.zone());
        out.writeProperty("DURATION", LENGTH.toString());
        if (rule.isPresent()) {
            out.writeProperty("RRULE", rule.get());
        }
        if (listed.size() > 1) {
            time(out, "RDATE", listed.stream().skip(1).map(Occurrence::wall).toList(), timing.zone());
        }
        if (!timing.except().isEmpty()) {
            time(out, "EXDATE", List.copyOf(timing.except()), timing.zone());
        }
        String name = schedule.work().description().isBlank()
                ? schedule.work().type()
                : schedule.work().description();
        out.writeProperty("SUMMARY", VObjectPropertyValues.escape(name));
        out.writeProperty("TRANSP", "TRANSPARENT");
        out.writeEndComponent("VEVENT");
    }

    /// What a calendar knows a schedule by, for good.
    static String uid(Schedule schedule) {
        return schedule.id() + "@steward";
    }

    /// The recurrence as a calendar has it; empty: once, or a cron expression that it has no words for.
    static Optional<String> rule(Timing timing) {
        return switch (timing.kind()) {
            case ONCE -> Optional.empty();
            case RRULE -> Optional.of(timing.expression());
            case CRON -> {
                var simple = CRON.matcher(timing.expression());
                if (!simple.matches()) {
                    yield Optional.empty();
                }
                boolean anyDay = simple.group(3).equals("*");
                boolean anyWeekday = simple.group(4).equals("*");
                if (anyDay && anyWeekday) {
                    yield Optional.of("FREQ=DAILY");
                }
                if (anyDay) {
                    yield Optional.of("FREQ=WEEKLY;BYDAY=" + Words.cronDays(simple.group(4)));
                }
                // Cron means either of both days; a calendar means both.
                yield anyWeekday
                        ? Optional.of("FREQ=MONTHLY;BYMONTHDAY=" + Integer.parseInt(simple.group(3)))
                        : Optional.empty();
            }
        };
    }

    private static void time(VObjectWriter out, String name, List<LocalDateTime> times, ZoneId zone)
            throws IOException {
        var parameters = new VObjectParameters();
        String end = isUtc(zone) ? "Z" : "";
        if (!isUtc(zone)) {
            parameters.put("TZID", zone.getId());
        }
        List<String> values = times.stream().map(t -> LOCAL.format(t) + end).toList();
        out.writeProperty("", name, parameters, String.join(",", values));
    }

    /// The zone's offsets, each change of the clocks written out: the rule book of a zone is more than a rule.
    private static void zone(VObjectWriter out, ZoneId zone, Instant now) throws IOException {
        ZoneRules rules = zone.getRules();
        int year = now.atZone(ZoneOffset.UTC).getYear();
        Instant from = LocalDateTime.of(year - 1, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);
        Instant to = LocalDateTime.of(year + ZONE_YEARS, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);
        out.writeBeginComponent("VTIMEZONE");
        out.writeProperty("TZID", zone.getId());
        ZoneOffset first = rules.getOffset(from);
        offset(out, rules.isDaylightSavings(from), first, first, List.of(LocalDateTime.of(year - 1, 1, 1, 0, 0)));
        Map<String, List<ZoneOffsetTransition>> alike = new LinkedHashMap<>();
        ZoneOffsetTransition change = rules.nextTransition(from);
        while (change != null && change.getInstant().isBefore(to)) {
            boolean summer = rules.isDaylightSavings(change.getInstant());
            alike.computeIfAbsent(
                            summer + "/" + change.getOffsetBefore() + "/" + change.getOffsetAfter(),
                            _ -> new ArrayList<>())
                    .add(change);
            change = rules.nextTransition(change.getInstant());
        }
        for (List<ZoneOffsetTransition> changes : alike.values()) {
            ZoneOffsetTransition one = changes.getFirst();
            offset(
                    out,
                    rules.isDaylightSavings(one.getInstant()),
                    one.getOffsetBefore(),
                    one.getOffsetAfter(),
                    changes.stream()
                            .map(ZoneOffsetTransition::getDateTimeBefore)
                            .toList());
        }
        out.writeEndComponent("VTIMEZONE");
    }

    private static void offset(
            VObjectWriter out, boolean summer, ZoneOffset before, ZoneOffset after, List<LocalDateTime> at)
            throws IOException {
        String name = summer ? "DAYLIGHT" : "STANDARD";
        out.writeBeginComponent(name);
        out.writeProperty("DTSTART", LOCAL.format(at.getFirst()));
        if (at.size() > 1) {
            out.writeProperty(
                    "RDATE",
                    String.join(",", at.stream().skip(1).map(LOCAL::format).toList()));
        }
        out.writeProperty("TZOFFSETFROM", written(before));
        out.writeProperty("TZOFFSETTO", written(after));
        out.writeEndComponent(name);
    }

    /// Such as `+0530`; seconds only where there are any.
    private static String written(ZoneOffset offset) {
        String id = offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
        return id.replace(":", "");
    }

    private static boolean isUtc(ZoneId zone) {
        return new TreeSet<>(List.of("UTC", "Z", "Etc/UTC")).contains(zone.getId());
    }

    private static String utc(Instant at) {
        return LOCAL.format(LocalDateTime.ofInstant(at, ZoneOffset.UTC)) + "Z";
    }

    private static VObjectParameters value(String type) {
        var parameters = new VObjectParameters();
        parameters.put("VALUE", type);
        return parameters;
    }
}
