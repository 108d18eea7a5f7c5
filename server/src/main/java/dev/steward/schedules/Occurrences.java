package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/// The instants at which a [Timing] runs, in order and each once. Safe for use by many threads.
///
/// A rule that names times of day runs once for each: a time that the clocks skip runs at the moment they jump
/// (two such times, or one and the time after the gap, are one run), a time that they show twice runs the first
/// time. A rule that counts hours or minutes runs through: an hour that comes twice runs twice, one that is
/// left out does not.
final class Occurrences {

    /// Local times can lie this far from the instant's own reckoning: more than any change of offset has been.
    private static final Duration REACH = Duration.ofHours(26);

    /// How far ahead a change of the clocks is worth a word.
    private static final Duration CHANGES_AHEAD = Duration.ofDays(400);

    private static final int SEARCH_MAX = 2_000;
    private static final int EXCEPT_RUN_MAX = 2_000;

    private final WallRule rule;
    private final ZoneId zone;
    private final ZoneRules zoneRules;
    private final NavigableSet<LocalDateTime> except;

    /// @throws IllegalArgumentException the expression is none; the message says why
    Occurrences(Timing timing) {
        this.rule = switch (timing.kind()) {
            case ONCE -> new Once(timing.starts());
            case CRON -> new CronRule(timing.expression(), timing.starts());
            case RRULE -> new RecurrenceWallRule(timing.expression(), timing.starts(), timing.zone());
        };
        this.zone = timing.zone();
        this.zoneRules = zone.getRules();
        this.except = timing.except();
    }

    private record Once(LocalDateTime at) implements WallRule {

        @Override
        public Optional<LocalDateTime> next(LocalDateTime after) {
            return at.isAfter(after) ? Optional.of(at) : Optional.empty();
        }

        @Override
        public boolean counting() {
            return false;
        }
    }

    /// The first one after `after`.
    Optional<Occurrence> next(Instant after) {
        return rule.counting() ? nextCounted(after) : nextNamed(after);
    }

    /// Those after `after` and up to `to`, the first `max` of them.
    List<Occurrence> between(Instant after, Instant to, int max) {
        List<Occurrence> found = new ArrayList<>();
        Optional<Occurrence> next = next(after);
        while (found.size() < max && next.isPresent() && !next.get().at().isAfter(to)) {
            found.add(next.get());
            next = next(next.get().at());
        }
        return found;
    }

    /// The next `count`.
    List<Occurrence> preview(Instant after, int count) {
        return between(after, Instant.MAX, count);
    }

    /// The latest `max` of those from `from` on and up to `to`. Looks back in windows that double, so its cost
    /// goes with `max`, not with how long nothing ran.
    List<Occurrence> latest(Instant from, Instant to, int max) {
        Duration window = Duration.ofHours(1);
        while (true) {
            Instant start = to.minus(window);
            boolean all = !start.isAfter(from);
            List<Occurrence> found = between(all ? from.minusMillis(1) : start, to, SEARCH_MAX);
            if (all || found.size() >= max) {
                return List.copyOf(found.subList(Math.max(0, found.size() - max), found.size()));
            }
            window = window.multipliedBy(2);
        }
    }

    /// Runs within the coming 400 days that a change of the clocks touches.
    List<Occurrence> changes(Instant from, int max) {
        List<Occurrence> touched = new ArrayList<>();
        Instant end = from.plus(CHANGES_AHEAD);
        ZoneOffsetTransition change = zoneRules.nextTransition(from);
        while (change != null && change.getInstant().isBefore(end) && touched.size() < max) {
            Instant at = change.getInstant();
            for (Occurrence near : between(at.minus(Duration.ofHours(3)), at.plus(Duration.ofHours(3)), 400)) {
                if (near.fate() != Occurrence.Fate.PLAIN && near.at().isAfter(from) && touched.size() < max) {
                    touched.add(near);
                    break; // One example tells what happens at this change.
                }
            }
            change = zoneRules.nextTransition(at);
        }
        return touched;
    }

    /// Shortest time between two of the first `count` on the wall, where a change of clocks brings none closer.
    Optional<Duration> shortestGap(LocalDateTime from, int count) {
        Optional<LocalDateTime> before = nextWall(from);
        Duration shortest = null;
        for (int i = 0; i < count && before.isPresent(); i++) {
            Optional<LocalDateTime> next = nextWall(before.get());
            if (next.isEmpty()) {
                break;
            }
            Duration gap = Duration.between(before.get(), next.get());
            shortest = shortest == null || gap.compareTo(shortest) < 0 ? gap : shortest;
            before = next;
        }
        return Optional.ofNullable(shortest);
    }

    private Optional<Occurrence> nextNamed(Instant after) {
        Optional<LocalDateTime> wall = nextWall(LocalDateTime.ofInstant(after.minus(REACH), zone));
        while (wall.isPresent()) {
            Occurrence run = named(wall.get());
            if (run.at().isAfter(after)) {
                return Optional.of(run);
            }
            wall = nextWall(wall.get());
        }
        return Optional.empty();
    }

    private Occurrence named(LocalDateTime wall) {
        List<ZoneOffset> offsets = zoneRules.getValidOffsets(wall);
        return switch (offsets.size()) {
            case 0 ->
                new Occurrence(
                        requireNonNull(zoneRules.getTransition(wall), "a gap has a transition")
                                .getInstant(),
                        wall,
                        Occurrence.Fate.SKIPPED);
            case 1 -> new Occurrence(wall.toInstant(offsets.getFirst()), wall, Occurrence.Fate.PLAIN);
            default -> new Occurrence(wall.toInstant(offsets.getFirst()), wall, Occurrence.Fate.TWICE);
        };
    }

    /// Goes from one change of the clocks to the next; in between the offset is constant.
    private Optional<Occurrence> nextCounted(Instant after) {
        Instant from = after;
        while (true) {
            ZoneOffset offset = zoneRules.getOffset(from);
            Optional<LocalDateTime> wall = nextWall(LocalDateTime.ofInstant(from, offset));
            if (wall.isEmpty()) {
                return Optional.empty();
            }
            Instant at = wall.get().toInstant(offset);
            ZoneOffsetTransition change = zoneRules.nextTransition(from);
            if (change == null || at.isBefore(change.getInstant())) {
                return Optional.of(new Occurrence(at, wall.get(), Occurrence.Fate.PLAIN));
            }
            // The instant of the change itself belongs to the new offset, and may be a run.
            LocalDateTime first = change.getDateTimeAfter();
            if (nextWall(first.minusSeconds(1)).filter(first::equals).isPresent()) {
                return Optional.of(new Occurrence(change.getInstant(), first, Occurrence.Fate.PLAIN));
            }
            from = change.getInstant();
        }
    }

    private Optional<LocalDateTime> nextWall(LocalDateTime after) {
        Optional<LocalDateTime> wall = rule.next(after);
        for (int i = 0; i < EXCEPT_RUN_MAX && wall.isPresent() && except.contains(wall.get()); i++) {
            wall = rule.next(wall.get());
        }
        return wall.filter(w -> !except.contains(w));
    }
}
