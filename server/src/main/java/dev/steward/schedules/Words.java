package dev.steward.schedules;

import dev.steward.base.Language;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says times in plain words. What has no plain words is quoted as it is.
final class Words {

    private static final Pattern CRON_DAYS = Pattern.compile("[0-7](-[0-7])?(,[0-7](-[0-7])?)*");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");
    private static final Pattern BY_DAY = Pattern.compile("([+-]?\\d)?(MO|TU|WE|TH|FR|SA|SU)");
    private static final List<String> DAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");
    private static final String WORKDAYS = "MO,TU,WE,TH,FR";

    private final Language language;

    Words(Language language) {
        this.language = language;
    }

    /// A rule's parts, as far as words are found for them.
    private record Parts(
            String freq,
            int interval,
            String byDay,
            String byMonthDay,
            String byMonth,
            Optional<LocalTime> at,
            String end) {}

    /// Such as "every weekday at 08:00 (Europe/Berlin)".
    String describe(Timing timing) {
        String zone = " (" + timing.zone().getId() + ")";
        if (timing.kind() == Timing.Kind.ONCE) {
            return date(timing.starts().atZone(timing.zone())) + zone;
        }
        Optional<Parts> parts = timing.kind() == Timing.Kind.CRON ? cron(timing) : rrule(timing);
        String said = parts.flatMap(this::plain).orElseGet(() -> quoted(timing));
        return said + zone;
    }

    /// Such as "Monday, 23 November 2026".
    String date(LocalDate day) {
        return day(day.getDayOfWeek()) + (language == Language.FR ? " " : ", ") + dayOfYear(day);
    }

    /// Such as "23 November 2026".
    String dayOfYear(LocalDate day) {
        return dayAndMonth(day) + (language == Language.ES ? " de " : " ") + day.getYear();
    }

    /// Such as "Monday, 23 November 2026, 08:00".
    String date(ZonedDateTime time) {
        String pattern = switch (language) {
            case EN -> "EEEE, d MMMM uuuu, HH:mm";
            case DE -> "EEEE, d. MMMM uuuu, HH:mm";
            case FR -> "EEEE d MMMM uuuu, HH:mm";
            case ES -> "EEEE, d 'de' MMMM 'de' uuuu, HH:mm";
        };
        return DateTimeFormatter.ofPattern(pattern, language.locale()).format(time);
    }

    /// What a change of the clocks does to a run; empty when it does nothing.
    Optional<String> note(Occurrence run, Timing timing) {
        LocalDateTime wall = run.wall();
        String day = dayAndMonth(wall.toLocalDate()) + " " + wall.getYear();
        String time = clock(wall.toLocalTime());
        String real = clock(LocalTime.from(run.at().atZone(timing.zone())));
        return switch (run.fate()) {
            case PLAIN -> Optional.empty();
            case SKIPPED ->
                Optional.of(
                        switch (language) {
                            case EN -> "on " + day + " " + time + " doesn't exist: runs at " + real;
                            case DE -> "am " + day + " gibt es " + time + " nicht: läuft um " + real;
                            case FR -> "le " + day + ", " + time + " n'existe pas : exécution à " + real;
                            case ES -> "el " + day + " las " + time + " no existen: se ejecuta a las " + real;
                        });
            case TWICE ->
                Optional.of(
                        switch (language) {
                            case EN -> "on " + day + " " + time + " comes twice: runs the first time only";
                            case DE -> "am " + day + " gibt es " + time + " zweimal: läuft nur beim ersten Mal";
                            case FR -> "le " + day + ", " + time + " arrive deux fois : exécution la première fois";
                            case ES -> "el " + day + " las " + time + " llegan dos veces: se ejecuta solo la primera";
                        });
        };
    }

    private Optional<String> plain(Parts p) {
        Optional<String> often = often(p);
        return often.map(o -> o + p.at().map(t -> " " + at(t)).orElse("") + p.end());
    }

    private Optional<String> often(Parts p) {
        boolean days = !p.byDay().isEmpty();
        boolean dates = !p.byMonthDay().isEmpty();
        boolean months = !p.byMonth().isEmpty();
        return switch (p.freq()) {
            case "MINUTELY" ->
                days || dates || months ? Optional.empty() : Optional.of(every(p.interval(), Unit.MINUTE));
            case "HOURLY" -> days || dates || months ? Optional.empty() : Optional.of(every(p.interval(), Unit.HOUR));
            case "DAILY" -> {
                if (dates || months) {
                    yield Optional.empty();
                }
                yield days
                        ? p.interval() == 1 ? days(p.byDay(), 1) : Optional.empty()
                        : Optional.of(every(p.interval(), Unit.DAY));
            }
            case "WEEKLY" ->
                dates || months
                        ? Optional.empty()
                        : days ? days(p.byDay(), p.interval()) : Optional.of(every(p.interval(), Unit.WEEK));
            case "MONTHLY" ->
                months || (days == dates)
                        ? Optional.empty()
                        : (days ? nth(p.byDay()) : dayOfMonth(p.byMonthDay()))
                                .map(d -> join(d, every(p.interval(), Unit.MONTH)));
            case "YEARLY" ->
                !days && dates && months && p.interval() == 1 ? yearly(p.byMonth(), p.byMonthDay()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private enum Unit {
        MINUTE(0),
        HOUR(1),
        DAY(2),
        WEEK(3),
        MONTH(4);

        private final int place;

        Unit(int place) {
            this.place = place;
        }
    }

    private String every(int interval, Unit unit) {
        int u = unit.place;
        if (interval == 1) {
            return switch (language) {
                case EN ->
                    "every " + List.of("minute", "hour", "day", "week", "month").get(u);
                case DE ->
                    List.of("jede Minute", "jede Stunde", "jeden Tag", "jede Woche", "jeden Monat")
                            .get(u);
                case FR ->
                    List.of("chaque minute", "chaque heure", "tous les jours", "chaque semaine", "chaque mois")
                            .get(u);
                case ES ->
                    List.of("cada minuto", "cada hora", "todos los días", "cada semana", "cada mes")
                            .get(u);
            };
        }
        return switch (language) {
            case EN ->
                "every " + interval + " "
                        + List.of("minutes", "hours", "days", "weeks", "months").get(u);
            case DE ->
                "alle " + interval + " "
                        + List.of("Minuten", "Stunden", "Tage", "Wochen", "Monate")
                                .get(u);
            case FR ->
                (u < 2 || u == 3 ? "toutes les " : "tous les ") + interval + " "
                        + List.of("minutes", "heures", "jours", "semaines", "mois")
                                .get(u);
            case ES ->
                "cada " + interval + " "
                        + List.of("minutos", "horas", "días", "semanas", "meses")
                                .get(u);
        };
    }

    private Optional<String> days(String byDay, int interval) {
        if (byDay.equals(WORKDAYS) && interval == 1) {
            return Optional.of(
                    switch (language) {
                        case EN -> "every weekday (Monday to Friday)";
                        case DE -> "werktags (Montag bis Freitag)";
                        case FR -> "en semaine (du lundi au vendredi)";
                        case ES -> "de lunes a viernes";
                    });
        }
        List<String> names = new ArrayList<>();
        for (String day : byDay.split(",", -1)) {
            int i = DAYS.indexOf(day);
            if (i < 0) {
                return Optional.empty();
            }
            names.add(day(DayOfWeek.of(i + 1)));
        }
        String all = and(names);
        if (interval == 1) {
            return Optional.of(
                    switch (language) {
                        case EN -> "every " + all;
                        case DE -> "jeden " + all;
                        case FR -> "chaque " + all;
                        case ES -> "cada " + all;
                    });
        }
        String every = every(interval, Unit.WEEK);
        return Optional.of(
                switch (language) {
                    case EN -> every + " on " + all;
                    case DE -> every + " am " + all;
                    case FR -> every + ", le " + all;
                    case ES -> every + ", el " + all;
                });
    }

    private Optional<String> nth(String byDay) {
        Matcher one = BY_DAY.matcher(byDay);
        if (!one.matches() || one.group(1) == null) {
            return Optional.empty();
        }
        int n = Integer.parseInt(one.group(1));
        String day = day(DayOfWeek.of(DAYS.indexOf(one.group(2)) + 1));
        int at = n == -1 ? 5 : n;
        if (at < 1 || at > 5 || n == 5) {
            return Optional.empty();
        }
        int i = at - 1;
        return Optional.of(
                switch (language) {
                    case EN ->
                        "on the "
                                + List.of("first", "second", "third", "fourth", "last")
                                        .get(i) + " " + day;
                    case DE ->
                        "am "
                                + List.of("ersten", "zweiten", "dritten", "vierten", "letzten")
                                        .get(i) + " " + day;
                    case FR ->
                        "le "
                                + List.of("premier", "deuxième", "troisième", "quatrième", "dernier")
                                        .get(i) + " " + day;
                    case ES ->
                        "el "
                                + List.of("primer", "segundo", "tercer", "cuarto", "último")
                                        .get(i) + " " + day;
                });
    }

    private Optional<String> dayOfMonth(String byMonthDay) {
        if (byMonthDay.equals("-1")) {
            return Optional.of(
                    switch (language) {
                        case EN -> "on the last day";
                        case DE -> "am letzten Tag";
                        case FR -> "le dernier jour";
                        case ES -> "el último día";
                    });
        }
        if (!NUMBER.matcher(byMonthDay).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (language) {
                    case EN -> "on day " + byMonthDay;
                    case DE -> "am " + byMonthDay + ".";
                    case FR -> "le " + byMonthDay;
                    case ES -> "el día " + byMonthDay;
                });
    }

    private String join(String day, String everyMonth) {
        return switch (language) {
            case EN -> day + " of " + everyMonth;
            case DE, ES -> day + ", " + everyMonth;
            case FR -> day + ", " + everyMonth;
        };
    }

    private Optional<String> yearly(String month, String day) {
        if (!NUMBER.matcher(month).matches() || !NUMBER.matcher(day).matches()) {
            return Optional.empty();
        }
        String date = dayAndMonth(Integer.parseInt(day), Month.of(Integer.parseInt(month)));
        return Optional.of(
                switch (language) {
                    case EN -> "every year on " + date;
                    case DE -> "jedes Jahr am " + date;
                    case FR -> "chaque année, le " + date;
                    case ES -> "cada año, el " + date;
                });
    }

    private String at(LocalTime time) {
        return switch (language) {
            case EN -> "at " + clock(time);
            case DE -> "um " + clock(time) + " Uhr";
            case FR -> "à " + clock(time);
            case ES -> "a las " + clock(time);
        };
    }

    private String quoted(Timing timing) {
        String rule = "“" + timing.expression() + "”";
        boolean cron = timing.kind() == Timing.Kind.CRON;
        return switch (language) {
            case EN -> (cron ? "by the cron expression " : "by the rule ") + rule;
            case DE -> (cron ? "nach dem Cron-Ausdruck " : "nach der Regel ") + rule;
            case FR -> (cron ? "selon l'expression cron " : "selon la règle ") + rule;
            case ES -> (cron ? "según la expresión cron " : "según la regla ") + rule;
        };
    }

    private Optional<Parts> rrule(Timing timing) {
        Map<String, String> parts = new HashMap<>();
        for (String part : timing.expression().split(";", -1)) {
            int eq = part.indexOf('=');
            if (eq > 0) {
                parts.put(part.substring(0, eq), part.substring(eq + 1));
            }
        }
        String freq = parts.getOrDefault("FREQ", "");
        boolean hours = freq.equals("HOURLY") || freq.equals("MINUTELY");
        LocalDateTime starts = timing.starts();
        String byDay = parts.getOrDefault("BYDAY", "");
        String byMonthDay = parts.getOrDefault("BYMONTHDAY", "");
        String byMonth = parts.getOrDefault("BYMONTH", "");
        if (freq.equals("WEEKLY") && byDay.isEmpty()) {
            byDay = DAYS.get(starts.getDayOfWeek().getValue() - 1);
        }
        if (freq.equals("MONTHLY") && byDay.isEmpty() && byMonthDay.isEmpty()) {
            byMonthDay = String.valueOf(starts.getDayOfMonth());
        }
        if (freq.equals("YEARLY") && byDay.isEmpty() && byMonthDay.isEmpty() && byMonth.isEmpty()) {
            byMonthDay = String.valueOf(starts.getDayOfMonth());
            byMonth = String.valueOf(starts.getMonthValue());
        }
        String end = end(parts);
        parts.keySet()
                .removeAll(List.of("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL", "WKST"));
        if (!parts.isEmpty()) {
            return Optional.empty();
        }
        int interval = number(timing.expression());
        Optional<LocalTime> at = hours ? Optional.empty() : Optional.of(starts.toLocalTime());
        return Optional.of(new Parts(freq, interval, byDay, byMonthDay, byMonth, at, end));
    }

    private static int number(String rule) {
        Matcher interval = Pattern.compile("INTERVAL=(\\d+)").matcher(rule);
        return interval.find() ? Integer.parseInt(interval.group(1)) : 1;
    }

    private String end(Map<String, String> parts) {
        String count = parts.get("COUNT");
        if (count != null) {
            return switch (language) {
                case EN -> ", " + count + " times";
                case DE -> ", " + count + "-mal";
                case FR -> ", " + count + " fois";
                case ES -> ", " + count + " veces";
            };
        }
        String until = parts.get("UNTIL");
        if (until == null || until.length() < 8) {
            return "";
        }
        LocalDate day = LocalDate.parse(until.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
        String date = dayAndMonth(day) + " " + day.getYear();
        return switch (language) {
            case EN -> ", until " + date;
            case DE -> ", bis " + date;
            case FR -> ", jusqu'au " + date;
            case ES -> ", hasta el " + date;
        };
    }

    private static Optional<Parts> cron(Timing timing) {
        String[] f = timing.expression().split(" ", -1);
        if (f.length != 5 || !f[3].equals("*")) {
            return Optional.empty();
        }
        boolean anyDay = f[2].equals("*") && f[4].equals("*");
        if (anyDay && f[1].equals("*") && (f[0].equals("*") || f[0].matches("\\*/\\d+"))) {
            int n = f[0].equals("*") ? 1 : Integer.parseInt(f[0].substring(2));
            return 60 % Math.max(n, 1) != 0
                    ? Optional.empty()
                    : Optional.of(new Parts("MINUTELY", n, "", "", "", Optional.empty(), ""));
        }
        if (!NUMBER.matcher(f[0]).matches() || !NUMBER.matcher(f[1]).matches()) {
            return Optional.empty();
        }
        Optional<LocalTime> at = Optional.of(LocalTime.of(Integer.parseInt(f[1]), Integer.parseInt(f[0])));
        if (anyDay) {
            return Optional.of(new Parts("DAILY", 1, "", "", "", at, ""));
        }
        if (f[2].equals("*") && CRON_DAYS.matcher(f[4]).matches()) {
            return Optional.of(new Parts("WEEKLY", 1, cronDays(f[4]), "", "", at, ""));
        }
        if (f[4].equals("*") && NUMBER.matcher(f[2]).matches()) {
            return Optional.of(new Parts("MONTHLY", 1, "", f[2], "", at, ""));
        }
        return Optional.empty();
    }

    static String cronDays(String field) {
        List<String> days = new ArrayList<>();
        for (String part : field.split(",", -1)) {
            int[] ends = Arrays.stream(part.split("-", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            for (int day = ends[0]; day <= ends[ends.length - 1]; day++) {
                days.add(DAYS.get((day + 6) % 7));
            }
        }
        return String.join(",", days);
    }

    private String and(List<String> names) {
        if (names.size() == 1) {
            return names.getFirst();
        }
        String word = switch (language) {
            case EN -> " and ";
            case DE -> " und ";
            case FR -> " et ";
            case ES -> " y ";
        };
        return String.join(", ", names.subList(0, names.size() - 1)) + word + names.getLast();
    }

    private String day(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, language.locale());
    }

    private String dayAndMonth(LocalDate day) {
        return dayAndMonth(day.getDayOfMonth(), day.getMonth());
    }

    private String dayAndMonth(int day, Month month) {
        String name = month.getDisplayName(TextStyle.FULL, language.locale());
        return switch (language) {
            case EN, FR -> day + " " + name;
            case DE -> day + ". " + name;
            case ES -> day + " de " + name;
        };
    }

    static String clock(LocalTime time) {
        return String.format(Locale.ROOT, "%02d:%02d", time.getHour(), time.getMinute());
    }
}
