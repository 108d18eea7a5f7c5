package dev.steward.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one look at a due schedule comes to. A value; made without any side effect.
///
/// @param run    occurrences that become tasks, oldest first
/// @param missed how many do not, at least: of a schedule that lay still for long they are not all counted
/// @param next   the next one after all of them
record DuePlan(List<Instant> run, long missed, Optional<Instant> next) {

    /// More than any policy lets run at once, and cheap to reckon.
    private static final int LOOK_MAX = 500;

    DuePlan {
        run = List.copyOf(run);
    }

    /// @param next   the run that is due
    /// @param now    the database's time
    /// @param grace  what is later than this was missed
    static DuePlan of(Occurrences times, Schedule.Rules rules, Instant next, Instant now, Duration grace) {
        List<Instant> due = new ArrayList<>(
                times.latest(next, now, LOOK_MAX).stream().map(Occurrence::at).toList());
        // The zone's rules may have changed since it was reckoned; a run that was announced is kept all the same.
        if (due.size() < LOOK_MAX && (due.isEmpty() || due.getFirst().isAfter(next))) {
            due.addFirst(next);
        }
        Instant late = now.minus(grace);
        List<Instant> missed = due.stream().filter(at -> at.isBefore(late)).toList();
        List<Instant> run = new ArrayList<>(
                switch (rules.missed()) {
                    case SKIP -> List.of();
                    case RUN_ONCE -> last(missed, 1);
                    case RUN_ALL -> last(missed, rules.missedMax());
                });
        int left = missed.size() - run.size();
        run.addAll(due.subList(missed.size(), due.size()));
        // One run is enough when another comes at once.
        if (rules.missed() == Missed.RUN_ONCE && run.size() > 1 && !missed.isEmpty()) {
            run.removeFirst();
            left++;
        }
        return new DuePlan(
                run, left, times.next(now.isBefore(next) ? next : now).map(Occurrence::at));
    }

    private static List<Instant> last(List<Instant> all, int count) {
        return all.subList(Math.max(0, all.size() - count), all.size());
    }
}
