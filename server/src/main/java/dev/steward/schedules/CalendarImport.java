package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.IdSource;
import dev.steward.base.InputRules;
import dev.steward.base.Language;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.tasks.Priority;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Makes reminders of the entries of a calendar file, all or none, each once however often the file comes. Safe for
/// use by many threads.
final class CalendarImport {

    private static final int MAX_RETRIES = 10;
    private static final int DESCRIPTION_MAX = 200;
    private static final String OWN = "@steward";

    private final Schedules schedules;
    private final InputRules rules;
    private final Transactions transactions;
    private final IdSource ids;
    private final JsonMapper json;

    CalendarImport(Schedules schedules, InputRules rules, Transactions transactions, IdSource ids, JsonMapper json) {
        this.schedules = requireNonNull(schedules, "schedules");
        this.rules = requireNonNull(rules, "rules");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
        this.json = requireNonNull(json, "json");
    }

    /// What becomes of one entry.
    ///
    /// @param line       where it begins in the file
    /// @param status     `new` (of a preview), `made`, `known`, `past`, or why it is left out: `cancelled`, `done`,
    ///     `no_time`, `one_of_many`, `listed_dates`
    /// @param words      when it is told, in plain words
    /// @param nextRuns   the next five
    /// @param scheduleId of what was made, or was there
    record Line(
            int line,
            String uid,
            String what,
            String status,
            @Nullable String words,
            List<ScheduleView.RunAt> nextRuns,
            List<String> changes,
            @Nullable UUID scheduleId) {}

    /// Reads a file, and makes reminders of it unless it is a `dryRun`.
    ///
    /// @throws StewardException `validation_error` with the lines that are wrong; then nothing was made
    List<Line> take(UserId owner, String calendar, boolean dryRun, Language language) {
        ZoneId own = schedules.zone(owner);
        CalendarReader.Calendar read = new CalendarReader(own).read(calendar);
        refuse(read.faults());
        List<FieldFault> faults = new ArrayList<>();
        for (CalendarReader.Entry entry : read.entries()) {
            if (faults.size() < CalendarReader.FAULTS_MAX) {
                check(entry, faults);
            }
        }
        refuse(faults);
        return transactions.inOne(() -> {
            Set<String> seen = new HashSet<>();
            return read.entries().stream()
                    .map(entry -> take(owner, entry, dryRun, seen, language))
                    .toList();
        });
    }

    private void check(CalendarReader.Entry entry, List<FieldFault> faults) {
        if (entry.timing().isEmpty()) {
            return;
        }
        String where = "calendar line " + entry.line();
        faults.addAll(rules.textFaults(where + ", SUMMARY", entry.what(), TellTaskHandler.TEXT_MAX));
        schedules.faults(entry.timing().get()).stream()
                .filter(f -> !f.rule().equals("past") && !isOver(entry, f))
                .map(f -> f.at(where + ", " + (rule(entry) ? "RRULE" : "DTSTART")))
                .forEach(faults::add);
    }

    private static boolean rule(CalendarReader.Entry entry) {
        return entry.timing().filter(t -> t.kind() == Timing.Kind.RRULE).isPresent();
    }

    /// A single time is either ahead or over.
    private static boolean isOver(CalendarReader.Entry entry, FieldFault fault) {
        return !rule(entry) && fault.rule().equals("never_occurs");
    }

    private Line take(UserId owner, CalendarReader.Entry entry, boolean dryRun, Set<String> seen, Language language) {
        String what = entry.what().isBlank() ? entry.uid() : entry.what();
        if (entry.left().isPresent()) {
            return line(entry, what, entry.left().get().wire(), Optional.empty());
        }
        Timing timing = entry.timing().orElseThrow();
        Optional<UUID> there = known(owner, entry.uid());
        if (there.isPresent() || !seen.add(entry.uid())) {
            return line(entry, what, "known", there);
        }
        if (!schedules.faults(timing).isEmpty()) {
            return line(entry, what, "past", Optional.empty());
        }
        var preview = ScheduleView.Preview.of(timing, schedules.now(), language);
        UUID id = ids.next();
        if (!dryRun) {
            var work = new Schedule.Work(
                    TellTaskHandler.REMINDER,
                    Priority.MEDIUM,
                    what.length() > DESCRIPTION_MAX ? what.substring(0, DESCRIPTION_MAX - 1) : what,
                    json.writeValueAsString(Map.of("text", what)),
                    MAX_RETRIES);
            schedules.create(id, owner, work, timing, schedules.defaultRules(), Optional.of(entry.uid()));
        }
        return new Line(
                entry.line(),
                entry.uid(),
                what,
                dryRun ? "new" : "made",
                preview.words(),
                preview.nextRuns(),
                preview.changes(),
                dryRun ? null : id);
    }

    /// By the entry's UID, or because it came from this person's own calendar here.
    private Optional<UUID> known(UserId owner, String uid) {
        Optional<UUID> imported = schedules.byUid(owner, uid);
        if (imported.isPresent() || !uid.endsWith(OWN)) {
            return imported;
        }
        try {
            UUID id = UUID.fromString(uid.substring(0, uid.length() - OWN.length()));
            return schedules.known(owner, id).map(Schedule::id);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Line line(CalendarReader.Entry entry, String what, String status, Optional<UUID> there) {
        return new Line(entry.line(), entry.uid(), what, status, null, List.of(), List.of(), there.orElse(null));
    }

    private static void refuse(List<FieldFault> faults) {
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
    }
}
