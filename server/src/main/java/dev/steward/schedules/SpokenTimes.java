package dev.steward.schedules;

import dev.steward.base.Language;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Understands wishes to be reminded and things to do again and again, in English, German, French and Spanish.
///
/// A grammar, not a model: the same words always mean the same, and what can be meant in two ways is asked, never
/// guessed. A message that is not clearly such a wish is left to others.
final class SpokenTimes {

    /// Longer messages are no wishes of this kind, and are not searched.
    static final int LENGTH_MAX = 1_000;

    /// Two clocks in one sentence are one too many already.
    private static final int CLOCKS_MAX = 4;

    private static final char TAKEN = '\u0001';
    private static final Pattern BARE_HOUR = Pattern.compile("^(?:\\d{1,2}|\\p{L}+)$");
    private static final Pattern BARE_HALF = Pattern.compile("^(?:a\\.?m|p\\.?m)\\.?$");
    private static final Pattern ISO_DATE = Pattern.compile("\\b(?:on |am |le |el )?(\\d{4})-(\\d{2})-(\\d{2})\\b");
    private static final Pattern EDGES = Pattern.compile("^[\\s,.:;!–-]+|[\\s,.:;!?–-]+$");
    private static final Pattern BETWEEN = Pattern.compile("[\\s,.:;!–\u0001-]*");
    private static final Pattern COUNTED = Pattern.compile("FREQ=(?:MINUTELY|HOURLY).*");
    private static final Pattern INTERVAL = Pattern.compile("INTERVAL=(\\d+)");
    /// Other zones, dates of either order, and halves of what was counted: read wrongly, they would be wrong in
    /// silence.
    private static final Pattern NEVER_READ = Pattern.compile("\\b(?:utc|gmt|cest|cet|mesz|mez|[ecmp][sd]t)\\b"
            + "|\\b\\d{1,2}/\\d{1,2}\\b|^\\W*(?:and a half|und eine halbe|et demie|y media)\\b");
    private static final Pattern THIS_DAY = Pattern.compile("^(?:this |tonight|ce |cet |esta ).*");

    private SpokenTimes() {}

    /// What is missing or can be meant in two ways; its words are in the catalogue under `ask_…`.
    enum Question {
        WHEN,
        TIME,
        HALF,
        HALF_PASSED,
        WHICH_DAY,
        WHICH_TIME,
        PAST,
        NO_SUCH_DATE,
        NO_SUCH_TIME,
        UNREAD,
        WHAT;

        String key() {
            return "ask_" + name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a message comes to.
    sealed interface Understood {

        /// It is no such wish.
        record NotMine() implements Understood {}

        /// It is one, but something is missing or can be meant in two ways.
        ///
        /// @param about what the question names
        /// @param more  whether the message says more of times than this grammar reads
        record Ask(Language language, Question question, List<Object> about, boolean more) implements Understood {}

        /// All is clear.
        ///
        /// @param reminder to be told `text`; else `text` is to be done
        /// @param counted  whether the time was counted from now, which takes no zone
        record Ready(Language language, Timing timing, boolean reminder, boolean counted, String text)
                implements Understood {}
    }

    /// The language of a message that begins as such a wish does; empty: it does not.
    static Optional<Language> begins(String message) {
        String folded = fold(message.strip());
        if (!fits(message.strip())) {
            return Optional.empty();
        }
        return Lexicon.ALL.stream()
                .filter(words -> words.trigger().matcher(folded).find()
                        || (!folded.endsWith("?")
                                && (words.recurring().matcher(folded).find()
                                        || words.verb().matcher(folded).find())))
                .map(Lexicon::language)
                .findFirst();
    }

    private static boolean fits(String message) {
        return !message.isEmpty() && message.length() <= LENGTH_MAX && message.indexOf('\n') < 0;
    }

    /// @param said what a person said, oldest first: a wish, and answers to what was asked about it
    /// @param now  in the person's zone
    static Understood understand(List<String> said, ZonedDateTime now) {
        String first = Normalizer.normalize(said.getFirst().strip(), Normalizer.Form.NFC);
        if (!fits(first)) {
            return new Understood.NotMine();
        }
        String folded = fold(first);
        for (Lexicon words : Lexicon.ALL) {
            boolean reminder = words.trigger().matcher(folded).find();
            boolean recurring = words.recurring().matcher(folded).find();
            boolean verb = words.verb().matcher(folded).find();
            if (reminder || ((recurring || verb) && !folded.endsWith("?"))) {
                var wish = new Wish(words, now, reminder);
                Understood understood = wish.hear(first, said.subList(1, said.size()));
                if (!(understood instanceof Understood.NotMine)) {
                    return understood;
                }
            }
        }
        return new Understood.NotMine();
    }

    /// Lower case without accents, and as long as before, so that places in it are places in the text.
    static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String plain = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD);
            char base = Character.toLowerCase(plain.charAt(0));
            folded.append(base == '’' ? '\'' : Character.isWhitespace(base) ? ' ' : base == TAKEN ? ' ' : base);
        }
        return folded.toString();
    }

    /// A time of day as it was said.
    ///
    /// @param half whether it may be in the morning or in the afternoon as well
    private record Clock(LocalTime time, boolean half, boolean certain, int from, int to) {}

    /// A text out of which what is about times is taken.
    private static final class Text {

        private final String original;
        private final StringBuilder folded;

        Text(String original) {
            this.original = original;
            this.folded = new StringBuilder(fold(original));
        }

        Optional<Matcher> take(Pattern pattern) {
            Matcher found = pattern.matcher(folded.toString());
            if (!found.find() || found.end() == found.start()) {
                return Optional.empty();
            }
            take(found.start(), found.end());
            return Optional.of(found);
        }

        void take(int from, int to) {
            folded.replace(from, to, String.valueOf(TAKEN).repeat(to - from));
        }

        boolean has(Pattern pattern) {
            return pattern.matcher(folded).find();
        }

        /// What is not taken, as it was written.
        String rest() {
            StringBuilder rest = new StringBuilder();
            for (int i = 0; i < folded.length(); i++) {
                if (folded.charAt(i) != TAKEN) {
                    rest.append(original.charAt(i));
                } else if (i == 0 || folded.charAt(i - 1) != TAKEN) {
                    rest.append(' ');
                }
            }
            return trim(rest.toString().replaceAll("\\s+", " "));
        }

        /// Whether all that is taken stands together at the beginning or at the end.
        boolean takenAtAnEdge() {
            int from = folded.indexOf(String.valueOf(TAKEN));
            int to = folded.lastIndexOf(String.valueOf(TAKEN)) + 1;
            return from >= 0
                    && BETWEEN.matcher(folded.substring(from, to)).matches()
                    && (BETWEEN.matcher(folded.substring(0, from)).matches()
                            || BETWEEN.matcher(folded.substring(to)).matches());
        }

        /// The first word after a place.
        String wordAfter(int place) {
            String after = folded.substring(place).strip();
            return after.split("\\W", 2)[0];
        }
    }

    private static String trim(String text) {
        return EDGES.matcher(EDGES.matcher(text).replaceAll("")).replaceAll("");
    }

    /// A wish on its way to being understood: what its sentences have said so far.
    private static final class Wish {

        private final Lexicon words;
        private final ZonedDateTime now;
        private boolean reminder;
        private Optional<LocalDateTime> soon = Optional.empty();
        private boolean soonInUtc;
        private Optional<String> rule = Optional.empty();
        private Optional<LocalDate> day = Optional.empty();
        private List<LocalDate> days = List.of();
        private Optional<String> part = Optional.empty();
        private List<Clock> clocks = List.of();
        private Optional<Question> impossible = Optional.empty();
        private boolean unread;
        private boolean hinted;
        private String text = "";

        Wish(Lexicon words, ZonedDateTime now, boolean reminder) {
            this.words = words;
            this.now = now;
            this.reminder = reminder;
        }

        Understood hear(String first, List<String> answers) {
            var sentence = new Text(first);
            if (reminder) {
                sentence.take(words.trigger());
                if (words.asking().matcher(fold(stripped(sentence.rest()))).find()) {
                    return new Understood.NotMine();
                }
            }
            read(sentence);
            text = stripped(sentence.rest());
            hinted = words.hint().matcher(fold(text)).find() || text.chars().anyMatch(Character::isDigit);
            String rest = trim(sentence.rest());
            Matcher trigger = words.trigger().matcher(fold(rest));
            if (!reminder && trigger.find()) {
                reminder = true;
                text = stripped(rest.substring(trigger.end()));
            }
            boolean wish = reminder
                    || (sentence.takenAtAnEdge()
                            && rule.isPresent()
                            && (text.isEmpty()
                                    || words.verb().matcher(fold(text)).find()));
            if (!wish) {
                return new Understood.NotMine();
            }
            Understood understood = result();
            for (String answer : answers) {
                if (!(understood instanceof Understood.Ask ask)) {
                    return new Understood.NotMine();
                }
                if (!answer(ask.question(), answer.strip())) {
                    return new Understood.NotMine();
                }
                understood = result();
            }
            return understood;
        }

        /// @return whether it answers the question
        private boolean answer(Question question, String given) {
            if (!fits(given)) {
                return false;
            }
            String plain = given.replaceFirst("[.!]+$", "");
            if (question == Question.WHAT) {
                reminder = true;
                text = stripped(plain);
                return !text.isEmpty() && !given.endsWith("?");
            }
            String folded = fold(plain);
            boolean hour = BARE_HOUR.matcher(folded).matches()
                    && (folded.matches("\\d+") || words.numbers().containsKey(folded));
            var answer = new Text(hour ? words.bareHour() + plain : plain);
            impossible = Optional.empty();
            unread = false;
            List<Clock> before = clocks;
            var told = new Wish(words, now, reminder);
            if (BARE_HALF.matcher(folded).matches()) {
                told.part = Optional.of(folded.startsWith("p") ? "p" : "a");
            }
            told.read(answer);
            if (told.impossible.isPresent() || told.unread) {
                impossible = told.impossible;
                unread = told.unread;
                return true;
            }
            soon = told.soon.or(() -> soon);
            soonInUtc = soonInUtc || told.soonInUtc;
            rule = told.rule.or(() -> rule);
            if (told.day.isPresent() || !told.days.isEmpty()) {
                day = told.day;
                days = told.days;
            }
            boolean halfSaid = told.part.isPresent();
            part = told.part.or(() -> part);
            clocks = !told.clocks.isEmpty() ? told.clocks : halfSaid ? inHalf(before) : before;
            return told.soon.isPresent()
                    || told.rule.isPresent()
                    || told.day.isPresent()
                    || !told.days.isEmpty()
                    || halfSaid
                    || !told.clocks.isEmpty();
        }

        private List<Clock> inHalf(List<Clock> before) {
            boolean late = part.filter(this::late).isPresent();
            return before.stream()
                    .map(c -> new Clock(
                            late && c.time().getHour() < 12 ? c.time().plusHours(12) : c.time(),
                            false,
                            true,
                            c.from(),
                            c.to()))
                    .toList();
        }

        private boolean late(String word) {
            return word.equals("p") || words.late().matcher(word).find();
        }

        /// Takes what a sentence says of times.
        private void read(Text sentence) {
            boolean counted = fromNow(sentence);
            if (counted && soon.isPresent()) {
                return;
            }
            if (rule.isEmpty()) {
                rule = rule(sentence);
            }
            sentence.take(words.dayPart()).ifPresent(m -> {
                part = Optional.of(word(m, 1, 2));
                if (THIS_DAY.matcher(m.group()).matches()) {
                    day = Optional.of(now.toLocalDate());
                }
            });
            if (rule.isEmpty() && day.isEmpty()) {
                day(sentence);
            }
            List<Clock> found = new ArrayList<>();
            for (Optional<Clock> next = clock(sentence); next.isPresent() && found.size() < CLOCKS_MAX; ) {
                found.add(next.get());
                next = clock(sentence);
            }
            clocks = List.copyOf(found);
            boolean noDay = rule.isEmpty() && day.isEmpty() && days.isEmpty() && impossible.isEmpty();
            unread = unread
                    || sentence.has(NEVER_READ)
                    || (noDay && !clocks.isEmpty() && sentence.has(words.otherDay()))
                    || (rule.isPresent() && sentence.has(words.beyond()));
        }

        private Understood result() {
            if (impossible.isPresent()) {
                return ask(impossible.get());
            }
            if (unread) {
                return ask(Question.UNREAD);
            }
            if (soon.isPresent()) {
                return ready(Timing.once(soon.get(), soonInUtc ? ZoneOffset.UTC : now.getZone()));
            }
            if (rule.isPresent() && COUNTED.matcher(rule.get()).matches()) {
                LocalDateTime start = now.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES);
                return ready(Timing.rrule(rule.get(), step(start, rule.get()), now.getZone()));
            }
            boolean nothing = rule.isEmpty() && day.isEmpty() && days.isEmpty() && clocks.isEmpty() && part.isEmpty();
            if (nothing) {
                return ask(Question.WHEN);
            }
            if (!days.isEmpty()) {
                return ask(Question.WHICH_DAY, days.getFirst(), days.getLast());
            }
            if (clocks.isEmpty()) {
                return ask(Question.TIME);
            }
            if (clocks.size() > 1) {
                return ask(
                        Question.WHICH_TIME,
                        clocks.getFirst().time(),
                        clocks.getLast().time());
            }
            Clock clock = clocks.getFirst();
            if (!clock.certain()) {
                return ask(Question.NO_SUCH_TIME);
            }
            LocalTime time = clock.time();
            if (clock.half() && time.getHour() < 7) {
                return ask(Question.HALF, time, time.plusHours(12));
            }
            LocalDateTime present = now.toLocalDateTime();
            LocalDate today = now.toLocalDate();
            if (rule.isPresent()) {
                LocalDate start = today.atTime(time).isAfter(present) ? today : today.plusDays(1);
                return ready(Timing.rrule(rule.get(), start.atTime(time), now.getZone()));
            }
            LocalDateTime at = day.orElse(today).atTime(time);
            if (at.isAfter(present)) {
                return ready(Timing.once(at, now.getZone()));
            }
            if (day.isPresent()) {
                return ask(Question.PAST, at);
            }
            if (clock.half() && at.plusHours(12).isAfter(present)) {
                return ask(Question.HALF_PASSED, time, time.plusHours(12));
            }
            return ready(Timing.once(at.plusDays(1), now.getZone()));
        }

        private Understood ready(Timing timing) {
            return text.isEmpty()
                    ? ask(Question.WHAT)
                    : new Understood.Ready(words.language(), timing, reminder, soon.isPresent(), text);
        }

        private Understood ask(Question question, Object... about) {
            boolean more = question == Question.UNREAD || (question == Question.WHEN && hinted);
            return new Understood.Ask(words.language(), question, List.of(about), more);
        }

        private String stripped(String rest) {
            String text = trim(rest);
            for (Matcher filler = words.filler().matcher(fold(text)); filler.find(); ) {
                text = trim(text.substring(filler.end()));
                filler = words.filler().matcher(fold(text));
            }
            // German has the verb of the wish at its end.
            return words.language() == Language.DE
                    ? trim(text.replaceFirst("(?i)\\s+zu erinnern$|,?\\s*erinnern$", ""))
                    : text;
        }

        /// @return whether it was counted from now
        private boolean fromNow(Text sentence) {
            if (sentence.take(words.half()).isPresent()) {
                soon(Duration.ofMinutes(30));
                return true;
            }
            Optional<Matcher> in = sentence.take(words.in());
            if (in.isEmpty()) {
                return false;
            }
            int n = words.number(in.get().group("n"));
            switch (words.unit(in.get().group("unit"))) {
                case "MINUTELY" -> soon(Duration.ofMinutes(n));
                case "HOURLY" -> soon(Duration.ofHours(n));
                case "DAILY" -> day = Optional.of(now.toLocalDate().plusDays(n));
                default -> day = Optional.of(now.toLocalDate().plusWeeks(n));
            }
            unread = unread
                    || NEVER_READ
                            .matcher(sentence.folded.substring(in.get().end()))
                            .find();
            return true;
        }

        /// What is so long from now is an instant, whatever the clocks do in between.
        private void soon(Duration from) {
            ZonedDateTime then = now.plus(from).truncatedTo(ChronoUnit.SECONDS);
            // The second of two hours with one name can't be said on this zone's wall.
            soonInUtc = then.getZone()
                            .getRules()
                            .getValidOffsets(then.toLocalDateTime())
                            .size()
                    > 1;
            soon = Optional.of(
                    soonInUtc ? then.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime() : then.toLocalDateTime());
        }

        private Optional<String> rule(Text sentence) {
            if (sentence.take(words.workdays()).isPresent()) {
                return Optional.of("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
            }
            Optional<Matcher> every = sentence.take(words.every());
            if (every.isEmpty()) {
                return Optional.empty();
            }
            Matcher m = every.get();
            String nth = group(m, "nth");
            if (nth != null) {
                DayOfWeek named = words.day(m.group("nthday"));
                return Optional.of("FREQ=MONTHLY;BYDAY=" + words.nth(nth) + code(named));
            }
            String named = first(m, "days", "days2");
            if (named != null) {
                List<String> codes = new ArrayList<>();
                for (String word : named.split("[^\\p{L}]+", -1)) {
                    if (words.isDay(word)) {
                        codes.add(code(words.day(word)));
                    }
                }
                return Optional.of("FREQ=WEEKLY;BYDAY=" + String.join(",", codes));
            }
            if (group(m, "daily") != null) {
                return Optional.of("FREQ=DAILY");
            }
            String n = group(m, "n");
            int interval = n == null ? 1 : n.equals("other") ? 2 : words.number(n);
            String unit = words.unit(m.group("unit"));
            String rule = "FREQ=" + unit + (interval > 1 ? ";INTERVAL=" + interval : "");
            String dom = group(m, "dom");
            return Optional.of(
                    dom != null && unit.equals("MONTHLY") ? rule + ";BYMONTHDAY=" + Integer.parseInt(dom) : rule);
        }

        private static LocalDateTime step(LocalDateTime start, String rule) {
            Matcher interval = INTERVAL.matcher(rule);
            int n = interval.find() ? Integer.parseInt(interval.group(1)) : 1;
            return rule.startsWith("FREQ=MINUTELY") ? start.plusMinutes(n) : start.plusHours(n);
        }

        private void day(Text sentence) {
            LocalDate today = now.toLocalDate();
            Optional<Matcher> iso = sentence.take(ISO_DATE);
            Optional<Matcher> named = iso.isPresent() ? Optional.empty() : sentence.take(words.date());
            if (iso.isPresent()) {
                Matcher m = iso.get();
                date(number(m.group(1)), number(m.group(2)), number(m.group(3)));
            } else if (named.isPresent()) {
                dated(named.get(), today);
            } else if (sentence.take(words.dayAfter()).isPresent()) {
                day = Optional.of(today.plusDays(2));
            } else if (sentence.take(words.tomorrow()).isPresent()) {
                day = Optional.of(today.plusDays(1));
            } else if (sentence.take(words.today()).isPresent()) {
                day = Optional.of(today);
            } else {
                sentence.take(words.weekday()).ifPresent(m -> weekday(m, today));
                return;
            }
            // Beside a date, its day of the week says nothing more.
            sentence.take(words.weekday());
        }

        private void dated(Matcher m, LocalDate today) {
            String alone = group(m, "d3");
            if (alone != null) {
                int wanted = number(alone);
                LocalDate month = wanted < today.getDayOfMonth() ? today.plusMonths(1) : today;
                date(month.getYear(), month.getMonthValue(), wanted);
                return;
            }
            String name = first(m, "month", "month2");
            int month = name != null ? words.months().indexOf(name) + 1 : number(String.valueOf(group(m, "mn2")));
            int of = number(String.valueOf(first(m, "d", "d2")));
            String year = first(m, "y", "y2");
            if (year != null) {
                date(number(year), month, of);
                return;
            }
            date(today.getYear(), month, of);
            if (day.filter(today::isAfter).isPresent()) {
                date(today.getYear() + 1, month, of);
            }
        }

        /// On a Friday, "on Friday" may be today; early in a week, "next Friday" may be in it or in the next.
        private void weekday(Matcher m, LocalDate today) {
            DayOfWeek wanted = words.day(m.group("day"));
            LocalDate coming = today.with(TemporalAdjusters.next(wanted));
            LocalDate sunday = today.with(TemporalAdjusters.nextOrSame(DayOfWeek.SUNDAY));
            boolean next = group(m, "next") != null;
            if (today.getDayOfWeek() == wanted && !next) {
                days = List.of(today, coming);
            } else if (next && !coming.isAfter(sunday)) {
                days = List.of(coming, coming.plusWeeks(1));
            } else {
                day = Optional.of(coming);
            }
        }

        private void date(int year, int month, int dayOfMonth) {
            try {
                day = Optional.of(LocalDate.of(year, month, dayOfMonth));
            } catch (DateTimeException _) {
                impossible = Optional.of(Question.NO_SUCH_DATE);
            }
        }

        private Optional<Clock> clock(Text sentence) {
            Matcher m = words.at().matcher(sentence.folded.toString());
            if (!m.find()) {
                return Optional.empty();
            }
            int end = m.end();
            while (end > m.start() && sentence.folded.charAt(end - 1) == ' ') {
                end--;
            }
            String after = sentence.wordAfter(end);
            sentence.take(m.start(), end);
            String h = String.valueOf(first(m, "h", "h2", "h3", "h4"));
            String pre = strip(group(m, "pre"));
            String post = strip(first(m, "post", "post2"));
            if (List.of("noon", "midi", "mediodia", "mittag").contains(h)) {
                return Optional.of(
                        new Clock(LocalTime.NOON.plusMinutes(shift(pre, post)), false, true, m.start(), end));
            }
            if (List.of("midnight", "mitternacht", "minuit", "medianoche").contains(h)) {
                return Optional.of(new Clock(LocalTime.MIDNIGHT, false, true, m.start(), end));
            }
            int hour = words.number(h);
            String digits = first(m, "m", "m2", "m3", "mm", "mm2");
            String spelled = group(m, "mw");
            int minute = digits != null ? number(digits) : spelled != null ? words.number(spelled) : 0;
            // A number that follows at once was meant to belong to it, but is no minute.
            boolean read = after.isEmpty()
                    || !(after.matches("\\d+") || words.numbers().containsKey(after))
                    || after.length() < 3;
            if (hour > 24 || minute > 59 || (hour == 24 && minute > 0) || !read) {
                return Optional.of(new Clock(LocalTime.MIDNIGHT, false, false, m.start(), end));
            }
            boolean am = post.startsWith("a") && words.language() == Language.EN;
            boolean pm = post.startsWith("p") && words.language() == Language.EN;
            if ((am || pm) && (hour > 12 || hour == 0)) {
                return Optional.of(new Clock(LocalTime.MIDNIGHT, false, false, m.start(), end));
            }
            boolean afternoon = pm || (!am && part.filter(this::late).isPresent());
            boolean morning = am || (!pm && part.filter(p -> !late(p)).isPresent());
            boolean written = h.startsWith("0") || (h.length() == 2 && digits != null) || hour == 0 || hour > 12;
            if (afternoon && hour < 12) {
                hour += 12;
            } else if (morning && hour == 12) {
                hour = 0;
            }
            LocalTime time = LocalTime.of(hour % 24, minute).plusMinutes(shift(pre, post));
            boolean half = !afternoon && !morning && !written && hour < 12;
            return Optional.of(new Clock(time, half, true, m.start(), end));
        }

        private static int shift(String pre, String post) {
            return switch (pre) {
                case "half past" -> 30;
                case "halb" -> -30;
                case "quarter past", "a quarter past", "viertel nach" -> 15;
                case "quarter to", "a quarter to", "viertel vor" -> -15;
                default ->
                    switch (post) {
                        case "et demie", "et demi", "y media" -> 30;
                        case "et quart", "y cuarto" -> 15;
                        case "moins le quart", "menos cuarto" -> -15;
                        default -> 0;
                    };
            };
        }

        private static String strip(@Nullable String text) {
            return text == null ? "" : text.strip();
        }

        private static int number(String digits) {
            return Integer.parseInt(digits);
        }

        private static String code(DayOfWeek day) {
            return day.name().substring(0, 2).toUpperCase(Locale.ROOT);
        }

        private static String word(Matcher m, int... groups) {
            for (int group : groups) {
                if (group <= m.groupCount() && m.group(group) != null) {
                    return m.group(group);
                }
            }
            return "";
        }

        private static @Nullable String first(Matcher m, String... names) {
            for (String name : names) {
                String value = group(m, name);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        private static @Nullable String group(Matcher m, String name) {
            return m.namedGroups().containsKey(name) ? m.group(name) : null;
        }
    }
}
