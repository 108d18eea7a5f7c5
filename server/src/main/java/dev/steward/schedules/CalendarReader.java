package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataListener;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectReader;
import com.github.mangstadt.vinnie.io.Warning;
import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.Wording;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a calendar file (RFC 5545): its events and to-dos with their times. It reads names of zones only, no
/// definitions of them, and follows no address. Not thread-safe; one file each.
final class CalendarReader {

    /// More is no person's plan but a database.
    static final int ENTRIES_MAX = 500;

    /// A calendar holds events, an event holds alarms; nothing is deeper.
    static final int DEPTH_MAX = 4;

    static final int PROPERTIES_MAX = 50_000;
    static final int LINE_CHARS_MAX = 20_000;
    static final int UID_CHARS_MAX = 500;

    /// Enough to see what is wrong with a file.
    static final int FAULTS_MAX = 20;

    /// What has a day but no time is told at this time of the day.
    static final LocalTime ALL_DAY_AT = LocalTime.of(9, 0);

    private static final Pattern DATE = Pattern.compile("\\d{8}");
    private static final Pattern DATE_TIME = Pattern.compile("\\d{8}T\\d{6}Z?");
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);
    private static final Set<String> ENTRY = Set.of("VEVENT", "VTODO");

    /// The names that Windows and Outlook give the most usual zones (CLDR, windowsZones).
    private static final Map<String, String> WINDOWS = Map.ofEntries(
            Map.entry("w. europe standard time", "Europe/Berlin"),
            Map.entry("central europe standard time", "Europe/Budapest"),
            Map.entry("central european standard time", "Europe/Warsaw"),
            Map.entry("romance standard time", "Europe/Paris"),
            Map.entry("gmt standard time", "Europe/London"),
            Map.entry("e. europe standard time", "Europe/Chisinau"),
            Map.entry("russian standard time", "Europe/Moscow"),
            Map.entry("eastern standard time", "America/New_York"),
            Map.entry("central standard time", "America/Chicago"),
            Map.entry("mountain standard time", "America/Denver"),
            Map.entry("pacific standard time", "America/Los_Angeles"),
            Map.entry("india standard time", "Asia/Kolkata"),
            Map.entry("china standard time", "Asia/Shanghai"),
            Map.entry("tokyo standard time", "Asia/Tokyo"),
            Map.entry("aus eastern standard time", "Australia/Sydney"));

    private final ZoneId own;
    private final List<Entry> entries = new ArrayList<>();
    private final List<FieldFault> faults = new ArrayList<>();
    private @Nullable Open open;
    private int properties;
    private int calendars;
    private boolean stopped;

    /// @param own where a time names no zone
    CalendarReader(ZoneId own) {
        this.own = requireNonNull(own, "own");
    }

    /// One event or to-do.
    ///
    /// @param line   where it begins, from 1
    /// @param uid    what it is known by
    /// @param timing empty: see `left`
    /// @param left   why it is none to be imported
    record Entry(int line, String uid, String what, Optional<Timing> timing, Optional<Left> left) {}

    /// Why an entry is left out.
    enum Left {
        CANCELLED,
        DONE,
        NO_TIME,
        /// One run of another entry, moved or changed.
        ONE_OF_MANY,
        /// Dates beside a rule.
        LISTED_DATES;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a file comes to; with any fault, nothing of it is to be used.
    record Calendar(List<Entry> entries, List<FieldFault> faults) {}

    private record Open(int line, String kind, Map<String, List<Property>> properties) {}

    private record Property(VObjectProperty property, int line) {}

    Calendar read(String text) {
        if (!text.stripLeading().regionMatches(true, 0, "BEGIN:VCALENDAR", 0, 15)) {
            fault(1, "BEGIN", "format", Saying.CALENDAR_BEGIN.said());
            return new Calendar(List.of(), faults);
        }
        try (var reader = new VObjectReader(new StringReader(text.stripLeading()), SyntaxRules.iCalendar())) {
            reader.parse(new Listener());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        if (calendars == 0 && faults.isEmpty()) {
            fault(1, "END", "format", Saying.CALENDAR_END.said());
        }
        return new Calendar(List.copyOf(entries), List.copyOf(faults));
    }

    private final class Listener implements VObjectDataListener {

        @Override
        public void onComponentBegin(String name, Context context) {
            List<String> parents = context.getParentComponents();
            if (parents.size() >= DEPTH_MAX) {
                fault(context.getLineNumber(), "BEGIN", "depth", "must be nested at most " + DEPTH_MAX + " deep");
                stop(context);
                return;
            }
            if (ENTRY.contains(name) && parents.size() == 1) {
                if (entries.size() >= ENTRIES_MAX) {
                    fault(context.getLineNumber(), name, "length", Saying.CALENDAR_ENTRIES.said(ENTRIES_MAX));
                    stop(context);
                    return;
                }
                open = new Open(context.getLineNumber(), name, new HashMap<>());
            }
        }

        @Override
        public void onComponentEnd(String name, Context context) {
            Open entry = open;
            if (entry != null
                    && entry.kind().equals(name)
                    && context.getParentComponents().size() == 1) {
                open = null;
                close(entry);
                if (faults.size() >= FAULTS_MAX) {
                    stop(context);
                }
            }
            if (name.equals("VCALENDAR") && context.getParentComponents().isEmpty()) {
                calendars++;
            }
        }

        @Override
        public void onProperty(VObjectProperty property, Context context) {
            if (++properties > PROPERTIES_MAX) {
                fault(
                        context.getLineNumber(),
                        property.getName(),
                        "length",
                        "must be at most " + PROPERTIES_MAX + " lines");
                stop(context);
                return;
            }
            if (String.valueOf(property.getValue()).length() > LINE_CHARS_MAX) {
                fault(
                        context.getLineNumber(),
                        property.getName(),
                        "length",
                        Saying.AT_MOST_CHARACTERS.said(LINE_CHARS_MAX));
                stop(context);
                return;
            }
            Open entry = open;
            // Of an event itself, not of an alarm in it.
            if (entry != null && context.getParentComponents().size() == 2) {
                entry.properties()
                        .computeIfAbsent(property.getName().toUpperCase(Locale.ROOT), _ -> new ArrayList<>())
                        .add(new Property(property, context.getLineNumber()));
            }
        }

        @Override
        public void onVersion(String version, Context context) {
            if (!version.equals("2.0")) {
                fault(context.getLineNumber(), "VERSION", "one_of", Saying.CALENDAR_VERSION.said());
                stop(context);
            }
        }

        @Override
        public void onWarning(
                Warning warning, @Nullable VObjectProperty property, @Nullable Exception thrown, Context context) {
            fault(
                    context.getLineNumber(),
                    property == null ? "line" : property.getName(),
                    "format",
                    line(warning.getMessage()));
            if (faults.size() >= FAULTS_MAX) {
                stop(context);
            }
        }

        private void stop(Context context) {
            stopped = true;
            calendars++;
            context.stop();
        }
    }

    /// What the library says of it is in English only.
    private static Wording line(String why) {
        Wording rule = Saying.CALENDAR_LINE.said();
        return new Wording(rule.english() + ": " + why, rule.phrases());
    }

    private void fault(int line, String name, String rule, String message) {
        fault(line, name, rule, Wording.read(message));
    }

    private void fault(int line, String name, String rule, Wording message) {
        if (!stopped && faults.size() < FAULTS_MAX) {
            faults.add(new FieldFault("calendar line " + line + ", " + shown(name), rule, message));
        }
    }

    /// A name comes from the file, and is no place for more than a name.
    private static String shown(String name) {
        return name.replaceAll("[^A-Za-z0-9-]", "")
                .substring(0, Math.min(30, name.replaceAll("[^A-Za-z0-9-]", "").length()));
    }

    private void close(Open entry) {
        String what = text(entry, "SUMMARY").orElse("");
        Optional<Property> start = first(entry, "DTSTART");
        if (start.isEmpty() && entry.kind().equals("VTODO")) {
            start = first(entry, "DUE");
        }
        String uid = text(entry, "UID").orElseGet(() -> unnamed(entry));
        if (uid.length() > UID_CHARS_MAX) {
            fault(entry.line(), "UID", "length", Saying.AT_MOST_CHARACTERS.said(UID_CHARS_MAX));
            return;
        }
        String status = text(entry, "STATUS").orElse("").toUpperCase(Locale.ROOT);
        boolean done = status.equals("COMPLETED") || first(entry, "COMPLETED").isPresent();
        Optional<Left> left = Optional.ofNullable(
                status.equals("CANCELLED")
                        ? Left.CANCELLED
                        : done
                                ? Left.DONE
                                : start.isEmpty()
                                        ? Left.NO_TIME
                                        : first(entry, "RECURRENCE-ID").isPresent()
                                                ? Left.ONE_OF_MANY
                                                : first(entry, "RDATE").isPresent() ? Left.LISTED_DATES : null);
        Optional<Timing> timing = left.isPresent() ? Optional.empty() : timing(entry, start.orElseThrow());
        if (left.isPresent() || timing.isPresent()) {
            entries.add(new Entry(entry.line(), uid, what, timing, left));
        }
    }

    /// @return empty: it has a fault
    private Optional<Timing> timing(Open entry, Property start) {
        int before = faults.size();
        boolean allDay = DATE.matcher(value(start)).matches();
        ZoneId zone = zone(start);
        Optional<LocalDateTime> from = time(start, value(start), ALL_DAY_AT);
        List<Property> rules = entry.properties().getOrDefault("RRULE", List.of());
        if (rules.size() > 1) {
            fault(rules.get(1).line(), "RRULE", "length", "must be given once at most");
        }
        TreeSet<LocalDateTime> except = new TreeSet<>();
        for (Property one : entry.properties().getOrDefault("EXDATE", List.of())) {
            ZoneId its = zone(one);
            for (String value : value(one).split(",", -1)) {
                LocalTime at = from.map(LocalDateTime::toLocalTime).orElse(ALL_DAY_AT);
                time(one, value, at)
                        .map(t -> its.equals(zone) || DATE.matcher(value).matches() ? t : moved(t, its, zone))
                        .ifPresent(except::add);
            }
            if (except.size() > TimingReader.EXCEPT_MAX) {
                fault(one.line(), "EXDATE", "length", "must be at most " + TimingReader.EXCEPT_MAX + " times");
                break;
            }
        }
        if (faults.size() > before || from.isEmpty()) {
            return Optional.empty();
        }
        if (rules.isEmpty()) {
            return Optional.of(Timing.once(from.get(), zone));
        }
        String rule = TimingReader.normal(value(rules.getFirst()));
        // Beside a day without a time, the end of the rule is a day as well.
        return Optional.of(new Timing(
                Timing.Kind.RRULE,
                allDay ? rule.replaceFirst("(UNTIL=\\d{8})T\\d{6}Z?", "$1") : rule,
                from.get(),
                except,
                zone));
    }

    private static LocalDateTime moved(LocalDateTime time, ZoneId from, ZoneId to) {
        return time.atZone(from).withZoneSameInstant(to).toLocalDateTime();
    }

    private Optional<LocalDateTime> time(Property property, String value, LocalTime allDayAt) {
        try {
            if (DATE.matcher(value).matches()) {
                return Optional.of(
                        LocalDate.parse(value, DateTimeFormatter.BASIC_ISO_DATE).atTime(allDayAt));
            }
            if (DATE_TIME.matcher(value).matches()) {
                return Optional.of(LocalDateTime.parse(value.substring(0, 15), LOCAL));
            }
        } catch (DateTimeException _) {
            // Told below.
        }
        fault(property.line(), property.property().getName(), "format", Saying.CALENDAR_TIME.said());
        return Optional.empty();
    }

    private ZoneId zone(Property property) {
        String value = value(property);
        if (value.endsWith("Z")) {
            return ZoneId.of("UTC");
        }
        String named = property.property().getParameters().first("TZID");
        if (named == null || DATE.matcher(value).matches()) {
            return own;
        }
        Optional<ZoneId> zone = zone(named);
        if (zone.isEmpty()) {
            fault(property.line(), property.property().getName() + "-TZID", "time_zone", Saying.CALENDAR_ZONE.said());
        }
        return zone.orElse(ZoneOffset.UTC);
    }

    /// Some programs write a path before the name.
    private static Optional<ZoneId> zone(String named) {
        String windows = WINDOWS.get(named.toLowerCase(Locale.ROOT));
        if (windows != null) {
            return Optional.of(ZoneId.of(windows));
        }
        String name = named;
        while (true) {
            if (ZoneId.getAvailableZoneIds().contains(name)) {
                return Optional.of(ZoneId.of(name));
            }
            int slash = name.indexOf('/');
            if (slash < 0) {
                return Optional.empty();
            }
            name = name.substring(slash + 1);
        }
    }

    private static Optional<Property> first(Open entry, String name) {
        return entry.properties().getOrDefault(name, List.of()).stream().findFirst();
    }

    private static Optional<String> text(Open entry, String name) {
        return first(entry, name)
                .map(p -> VObjectPropertyValues.unescape(value(p))
                        .replaceAll("[\\p{Cntrl}]+", " ")
                        .strip())
                .filter(t -> !t.isEmpty());
    }

    private static String value(Property property) {
        String value = property.property().getValue();
        return value == null ? "" : value.strip();
    }

    /// An entry without a name of its own is known by what it says.
    private static String unnamed(Open entry) {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("DTSTART", "DUE", "RRULE", "SUMMARY")) {
            first(entry, name)
                    .ifPresent(
                            p -> all.append(name).append('=').append(value(p)).append('\n'));
        }
        return "unnamed-" + UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
