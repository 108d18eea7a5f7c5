package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Catalogue;
import dev.steward.base.FieldFault;
import dev.steward.base.Language;
import dev.steward.base.UserId;
import dev.steward.schedules.SpokenCommands.Command;
import dev.steward.schedules.SpokenTimes.Question;
import dev.steward.schedules.SpokenTimes.Understood;
import dev.steward.tasks.Priority;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reminders and schedules by word of mouth. What is clear is made and said back with its next runs; what is
/// not is asked. Safe for use by many threads.
public final class SpokenSchedules {

    /// The type of tasks that put a message into a conversation; its handler is in the room that answers it.
    public static final String ASK = "ask";

    /// Questions and answers of one wish that are looked back at.
    public static final int BEFORE_MAX = 6;

    /// Schedules that a list shows.
    private static final int LIST_MAX = 20;

    /// Schedules that are looked at for a list or a name: all that a person may have by default.
    private static final int LOOK_MAX = 1_000;

    private static final int MAX_RETRIES = 10;
    private static final int DESCRIPTION_MAX = 200;

    /// Longer answers are no name of a zone.
    private static final int ZONE_CHARS_MAX = 60;

    private static final Catalogue TEXTS = new Catalogue("schedules");

    private final Schedules schedules;
    private final JsonMapper json;

    SpokenSchedules(Schedules schedules, JsonMapper json) {
        this.schedules = requireNonNull(schedules, "schedules");
        this.json = requireNonNull(json, "json");
    }

    /// A message and where it was said.
    ///
    /// @param id           of the schedule that it may make: the same each time that it is looked at
    /// @param conversation where what is to be done will be asked
    /// @param before       what was said before, oldest first, at most [#BEFORE_MAX]
    public record Message(UserId owner, UUID id, UUID conversation, List<Said> before, String text) {

        public Message {
            before = List.copyOf(before);
        }
    }

    /// What was said before, and what Steward answered.
    ///
    /// @param id of the schedule that it may have made
    public record Said(UUID id, String message, String answer) {}

    /// What to answer, and what to make when that is written.
    public static final class Reply {

        private final String text;
        private final Runnable making;
        private final Optional<ForModel> forModel;

        private Reply(String text, Runnable making, Optional<ForModel> forModel) {
            this.text = text;
            this.making = making;
            this.forModel = forModel;
        }

        private static Reply saying(String text) {
            return new Reply(text, () -> {}, Optional.empty());
        }

        public String text() {
            return text;
        }

        /// Makes what was wished for, in the caller's transaction. The same id again makes nothing new.
        public void make() {
            making.run();
        }

        /// What a model may be asked, where the message says more than the grammar reads.
        public Optional<ForModel> forModel() {
            return forModel;
        }
    }

    /// A question to a model, whose answer is judged by [#read].
    ///
    /// @param schema of the JSON that it answers with
    public record ForModel(
            String instruction, String text, String schema, Message message, Language language, ZoneId zone) {}

    /// What a message comes to; empty: it is not about a time, and somebody else's to answer. Makes nothing yet.
    public Optional<Reply> reply(Message message) {
        Optional<Command> command = SpokenCommands.find(message.text());
        if (command.isPresent()) {
            return command(message, command.get());
        }
        boolean begun = SpokenTimes.begins(message.text()).isPresent()
                || message.before().stream()
                        .anyMatch(s -> SpokenTimes.begins(s.message()).isPresent());
        // Most messages are about no time; for those the database is not asked.
        if (!begun) {
            return Optional.empty();
        }
        Optional<ZoneId> zone = schedules.namedZone(message.owner());
        ZonedDateTime now = schedules.now().atZone(zone.orElseGet(() -> schedules.zone(message.owner())));
        Optional<Pending> pending = pending(message.before(), now);
        if (pending.isPresent()) {
            Optional<Reply> answered = pending.get().zoneAsked()
                    ? zoneAnswered(message, pending.get())
                    : outcome(message, with(pending.get().said(), message.text()), now, zone.isPresent());
            if (answered.isPresent()) {
                return answered;
            }
        }
        return outcome(message, List.of(message.text()), now, zone.isPresent());
    }

    /// Judges what a model read. Nothing of it is believed that is not a real time ahead of now.
    public Optional<Reply> read(ForModel asked, String answer) {
        try {
            JsonNode read = json.readTree(answer);
            String what = read.path("what").asString("").strip();
            String once = read.path("once").asString("").strip();
            String rrule = TimingReader.normal(read.path("rrule").asString(""));
            if (!read.path("clear").asBoolean(false) || what.isEmpty() || once.isEmpty() == rrule.isEmpty()) {
                return Optional.empty();
            }
            Timing timing = once.isEmpty()
                    ? Timing.rrule(
                            rrule, LocalDateTime.parse(read.path("starts").asString("")), asked.zone())
                    : Timing.once(LocalDateTime.parse(once), asked.zone());
            if (!schedules.faults(timing).isEmpty()) {
                return Optional.empty();
            }
            var ready = new Understood.Ready(asked.language(), timing, true, false, shortened(what));
            Reply made = made(asked.message(), ready);
            return Optional.of(new Reply(
                    made.text() + "\n\n" + TEXTS.say(asked.language(), "read_by_model"),
                    made.making,
                    Optional.empty()));
        } catch (JacksonException | DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// A wish that is not complete.
    ///
    /// @param said      its messages
    /// @param zoneAsked whether the last answer asked for the person's zone
    private record Pending(Language language, List<String> said, boolean zoneAsked) {}

    /// Each message of such a wish was answered by exactly the question that it raises.
    private static Optional<Pending> pending(List<Said> before, ZonedDateTime now) {
        for (int from = 0; from < before.size(); from++) {
            Optional<Language> language = SpokenTimes.begins(before.get(from).message());
            List<Said> talk = before.subList(from, before.size());
            Optional<Pending> pending = language.flatMap(l -> replayed(l, talk, now));
            if (pending.isPresent()) {
                return pending;
            }
        }
        return Optional.empty();
    }

    private static Optional<Pending> replayed(Language language, List<Said> talk, ZonedDateTime now) {
        List<String> said = new ArrayList<>();
        boolean zone = false;
        for (Said one : talk) {
            if (!zone) {
                said.add(one.message());
            }
            zone = one.answer().equals(TEXTS.say(language, "ask_zone"))
                    || one.answer().equals(TEXTS.say(language, "zone_unknown"));
            boolean asked = zone
                    || (SpokenTimes.understand(said, now) instanceof Understood.Ask ask
                            && question(ask).equals(one.answer()));
            if (!asked) {
                return Optional.empty();
            }
        }
        return Optional.of(new Pending(language, said, zone));
    }

    private static List<String> with(List<String> said, String message) {
        List<String> all = new ArrayList<>(said);
        all.add(message);
        return all;
    }

    /// @param zoneNamed whether the person's zone is known
    private Optional<Reply> outcome(Message message, List<String> said, ZonedDateTime now, boolean zoneNamed) {
        Understood understood = SpokenTimes.understand(said, now);
        return switch (understood) {
            case Understood.NotMine _ -> Optional.empty();
            case Understood.Ready ready when zoneNamed || ready.counted() -> Optional.of(made(message, ready));
            case Understood.Ready ready -> Optional.of(Reply.saying(TEXTS.say(ready.language(), "ask_zone")));
            case Understood.Ask ask
            when zoneNamed || ask.question() == Question.WHAT -> Optional.of(asking(message, said, ask, now));
            case Understood.Ask ask -> Optional.of(Reply.saying(TEXTS.say(ask.language(), "ask_zone")));
        };
    }

    private Optional<Reply> zoneAnswered(Message message, Pending pending) {
        String given = message.text().strip().replaceFirst("[.!]+$", "");
        if (given.length() > ZONE_CHARS_MAX || given.endsWith("?")) {
            return Optional.empty();
        }
        Optional<ZoneId> zone = zone(given);
        if (zone.isEmpty()) {
            return Optional.of(Reply.saying(TEXTS.say(pending.language(), "zone_unknown")));
        }
        ZonedDateTime now = schedules.now().atZone(zone.get());
        return outcome(message, pending.said(), now, true)
                .map(reply -> new Reply(
                        reply.text(),
                        () -> {
                            schedules.rememberZone(message.owner(), zone.get());
                            reply.make();
                        },
                        reply.forModel()));
    }

    /// By its name or, where only one has it, by its city.
    private static Optional<ZoneId> zone(String given) {
        String wanted = SpokenTimes.fold(given).strip().replace(' ', '_');
        List<String> fitting = ZoneId.getAvailableZoneIds().stream()
                .filter(id -> id.indexOf('/') > 0 || id.equals("UTC"))
                .filter(id -> {
                    String name = id.toLowerCase(Locale.ROOT);
                    return name.equals(wanted) || name.endsWith("/" + wanted);
                })
                .toList();
        return fitting.size() == 1
                ? Optional.of(ZoneId.of(fitting.getFirst()))
                : fitting.stream()
                        .filter(id -> id.toLowerCase(Locale.ROOT).equals(wanted))
                        .findFirst()
                        .map(ZoneId::of);
    }

    private Reply asking(Message message, List<String> said, Understood.Ask ask, ZonedDateTime now) {
        boolean more = ask.more() && said.size() == 1;
        return new Reply(
                question(ask), () -> {}, more ? Optional.of(forModel(message, ask.language(), now)) : Optional.empty());
    }

    private static ForModel forModel(Message message, Language language, ZonedDateTime now) {
        String instruction = "Read from the message when its writer wants to be reminded, and of what. It is "
                + now.format(DateTimeFormatter.ofPattern("EEEE, uuuu-MM-dd HH:mm", Locale.ENGLISH))
                + " there. All times are local, written as 2026-05-03T14:30. Answer with JSON: `clear`, false when no"
                + " time is named, or it can be meant in two ways, or you are not sure; `once`, the time if it is one"
                + " time, else empty; `rrule`, the value of an RFC 5545 RRULE if it recurs, else empty; `starts`, the"
                + " first time if it recurs, else empty; `what`, the words for what to be reminded of, in the"
                + " message's language, without the time.";
        String schema = """
                {"type":"object","additionalProperties":false,
                 "properties":{"clear":{"type":"boolean"},"once":{"type":"string"},"rrule":{"type":"string"},
                               "starts":{"type":"string"},"what":{"type":"string"}},
                 "required":["clear","once","rrule","starts","what"]}""";
        return new ForModel(instruction, message.text(), schema, message, language, now.getZone());
    }

    private static String question(Understood.Ask ask) {
        var words = new Words(ask.language());
        List<Object> about = new ArrayList<>();
        for (Object one : ask.about()) {
            about.add(
                    switch (one) {
                        case LocalTime time -> Words.clock(time);
                        case LocalDate day -> words.date(day);
                        case LocalDateTime at -> words.date(at.toLocalDate()) + ", " + Words.clock(at.toLocalTime());
                        default -> one.toString();
                    });
        }
        for (Object one : ask.about()) {
            if (one instanceof LocalDate day) {
                about.add(words.dayOfYear(day));
            }
        }
        return TEXTS.say(ask.language(), ask.question().key(), about.toArray());
    }

    private Reply made(Message message, Understood.Ready ready) {
        Optional<Schedule> there = schedules.known(message.owner(), message.id());
        if (there.isPresent()) {
            Schedule old = there.get();
            String words = new Words(ready.language()).describe(old.timing());
            return Reply.saying(TEXTS.say(ready.language(), "exists", old.work().description(), words)
                    + details(old.timing(), ready.language()));
        }
        List<FieldFault> faults = schedules.faults(ready.timing());
        if (!faults.isEmpty()) {
            return Reply.saying(
                    TEXTS.say(ready.language(), "refused", faults.getFirst().message()));
        }
        Map<String, Object> input = ready.reminder()
                ? Map.of("text", ready.text())
                : Map.of("conversation", message.conversation().toString(), "message", ready.text());
        var work = new Schedule.Work(
                ready.reminder() ? TellTaskHandler.REMINDER : ASK,
                Priority.MEDIUM,
                shortened(ready.text()),
                json.writeValueAsString(input),
                MAX_RETRIES);
        String said = TEXTS.say(
                        ready.language(),
                        ready.reminder() ? "reminds" : "does",
                        ready.text(),
                        new Words(ready.language()).describe(ready.timing()))
                + details(ready.timing(), ready.language())
                + "\n\n"
                + TEXTS.say(ready.language(), "undo");
        return new Reply(
                said,
                () -> schedules.create(message.id(), message.owner(), work, ready.timing(), schedules.defaultRules()),
                Optional.empty());
    }

    private String details(Timing timing, Language language) {
        var preview = ScheduleView.Preview.of(timing, schedules.now(), language);
        var words = new Words(language);
        StringBuilder text = new StringBuilder();
        if (timing.kind() != Timing.Kind.ONCE) {
            text.append("\n\n").append(TEXTS.say(language, "next_runs"));
            preview.nextRuns()
                    .forEach(run ->
                            text.append("\n- ").append(words.date(run.at().atZone(timing.zone()))));
        }
        preview.changes().forEach(change -> text.append("\n\n").append(change));
        return text.toString();
    }

    private static String shortened(String text) {
        if (text.length() <= DESCRIPTION_MAX) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(DESCRIPTION_MAX - 1)) ? DESCRIPTION_MAX - 1 : DESCRIPTION_MAX;
        return text.substring(0, end);
    }

    private Optional<Reply> command(Message message, Command command) {
        return switch (command) {
            case Command.Show(Language language) -> Optional.of(Reply.saying(list(message.owner(), language)));
            case Command.CancelLast(Language language) ->
                message.before().isEmpty()
                        ? Optional.empty()
                        : ahead(message.owner()).stream()
                                .filter(s ->
                                        s.id().equals(message.before().getLast().id()))
                                .findFirst()
                                .map(s -> cancelling(message.owner(), language, s));
            case Command.CancelAbout(Language language, String what) ->
                Optional.of(cancelling(message.owner(), language, what));
        };
    }

    private Reply cancelling(UserId owner, Language language, String what) {
        List<Schedule> fitting = ahead(owner).stream()
                .filter(s -> SpokenTimes.fold(s.work().description()).contains(what))
                .toList();
        if (fitting.size() == 1) {
            return cancelling(owner, language, fitting.getFirst());
        }
        return Reply.saying(
                fitting.isEmpty()
                        ? TEXTS.say(language, "nothing_to_cancel", what)
                        : TEXTS.say(language, "which_one", what) + lines(fitting, language));
    }

    private Reply cancelling(UserId owner, Language language, Schedule schedule) {
        String said = TEXTS.say(
                language, "cancelled", schedule.work().description(), new Words(language).describe(schedule.timing()));
        return new Reply(said, () -> schedules.delete(owner, schedule.id()), Optional.empty());
    }

    private List<Schedule> ahead(UserId owner) {
        return schedules.ahead(owner, LOOK_MAX);
    }

    private String list(UserId owner, Language language) {
        List<Schedule> all = ahead(owner);
        return all.isEmpty() ? TEXTS.say(language, "none") : TEXTS.say(language, "list") + "\n" + lines(all, language);
    }

    private String lines(List<Schedule> all, Language language) {
        var words = new Words(language);
        StringBuilder text = new StringBuilder();
        for (Schedule schedule : all.subList(0, Math.min(LIST_MAX, all.size()))) {
            Timing timing = schedule.timing();
            text.append("\n- “")
                    .append(schedule.work().description())
                    .append("”, ")
                    .append(words.describe(timing));
            if (timing.kind() != Timing.Kind.ONCE) {
                schedules
                        .nextRun(schedule)
                        .ifPresent(at -> text.append(": ").append(words.date(at.atZone(timing.zone()))));
            }
        }
        if (all.size() > LIST_MAX) {
            text.append("\n\n").append(TEXTS.say(language, "list_more", String.valueOf(all.size() - LIST_MAX)));
        }
        return text.toString();
    }
}
