package dev.steward.schedules;

import dev.steward.base.Language;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A schedule on the wire.
///
/// @param schedule its times as they are written
/// @param words    the same in plain words
/// @param nextAt   when it runs next; null: never again, or it is paused
/// @param nextRuns the next five
/// @param changes  what coming changes of the clocks do to it
/// @param problem  why Steward itself has paused it
record ScheduleView(
        UUID id,
        String type,
        String description,
        int priority,
        JsonNode input,
        int maxRetries,
        TimingView schedule,
        String words,
        String missed,
        int missedMax,
        long missedCount,
        long expectedWithinMs,
        boolean paused,
        @Nullable String problem,
        @Nullable Instant nextAt,
        List<RunAt> nextRuns,
        List<String> changes,
        Instant created,
        Instant updated) {

    static final int NEXT_RUNS = 5;

    private static final int CHANGES_MAX = 4;

    /// @param once the one local time of a schedule that runs once
    record TimingView(
            @Nullable String cron,
            @Nullable String rrule,
            @Nullable LocalDateTime once,
            LocalDateTime starts,
            List<LocalDateTime> except,
            String timeZone) {

        static TimingView of(Timing timing) {
            return new TimingView(
                    timing.kind() == Timing.Kind.CRON ? timing.expression() : null,
                    timing.kind() == Timing.Kind.RRULE ? timing.expression() : null,
                    timing.kind() == Timing.Kind.ONCE ? timing.starts() : null,
                    timing.starts(),
                    List.copyOf(timing.except()),
                    timing.zone().getId());
        }
    }

    /// @param local on the wall in the schedule's zone
    /// @param note  what a change of the clocks does to it
    record RunAt(Instant at, LocalDateTime local, @Nullable String note) {}

    /// What times come to.
    record Preview(TimingView schedule, String words, List<RunAt> nextRuns, List<String> changes) {

        static Preview of(Timing timing, Instant after, Language language) {
            var times = new Occurrences(timing);
            var words = new Words(language);
            List<RunAt> runs = new ArrayList<>();
            for (Occurrence run : times.preview(after, NEXT_RUNS)) {
                runs.add(new RunAt(
                        run.at(),
                        ZonedDateTime.ofInstant(run.at(), timing.zone()).toLocalDateTime(),
                        words.note(run, timing).orElse(null)));
            }
            List<String> changes = times.changes(after, CHANGES_MAX).stream()
                    .flatMap(run -> words.note(run, timing).stream())
                    .toList();
            return new Preview(TimingView.of(timing), words.describe(timing), runs, changes);
        }
    }

    /// @param next when it runs next, counting the run that has its task already
    static ScheduleView of(Schedule schedule, @Nullable Instant next, Instant now, Language language, JsonMapper json) {
        Instant from = next == null ? now : next.minusMillis(1);
        Preview preview = Preview.of(schedule.timing(), from, language);
        return new ScheduleView(
                schedule.id(),
                schedule.work().type(),
                schedule.work().description(),
                schedule.work().priority().number(),
                json.readTree(schedule.work().input()),
                schedule.work().maxRetries(),
                preview.schedule(),
                preview.words(),
                schedule.rules().missed().wire(),
                schedule.rules().missedMax(),
                schedule.missedCount(),
                schedule.rules().expectedWithin().toMillis(),
                schedule.paused(),
                schedule.problem().orElse(null),
                next,
                schedule.paused() || next == null ? List.of() : preview.nextRuns(),
                schedule.paused() || next == null ? List.of() : preview.changes(),
                schedule.created(),
                schedule.updated());
    }
}
