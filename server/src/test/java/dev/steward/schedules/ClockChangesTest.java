package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.schedules.OccurrencesTest.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is due through every change of the clocks of 2026 and 2027 in five zones, when ticks are missed and when the
/// clock itself jumps by an hour: every run is made once, or counted as missed once, as its schedule says.
class ClockChangesTest {

    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration AROUND = Duration.ofHours(6);

    /// Times of day on the wall, times by the clock that counts, and a cron of each kind.
    enum Rule {
        NAMED("FREQ=DAILY;BYHOUR=0,1,2,3,4,5,22,23;BYMINUTE=0,30"),
        COUNTED("FREQ=MINUTELY;INTERVAL=15"),
        CRON_NAMED("30 0,1,2,3,4,23 * * *"),
        CRON_COUNTED("*/20 * * * *");

        private final String expression;

        Rule(String expression) {
            this.expression = expression;
        }

        Timing timing(Change change) {
            LocalDateTime start = change.transition()
                    .getDateTimeBefore()
                    .minusDays(2)
                    .withHour(0)
                    .withMinute(0)
                    .withSecond(0);
            return name().startsWith("CRON")
                    ? Timing.cron(expression, start, change.zone())
                    : Timing.rrule(expression, start, change.zone());
        }

        /// Whether it runs at this minute of this wall clock.
        boolean names(LocalDateTime wall) {
            int hour = wall.getHour();
            int minute = wall.getMinute();
            return switch (this) {
                case NAMED -> Set.of(0, 1, 2, 3, 4, 5, 22, 23).contains(hour) && minute % 30 == 0;
                case COUNTED -> minute % 15 == 0;
                case CRON_NAMED -> Set.of(0, 1, 2, 3, 4, 23).contains(hour) && minute == 30;
                case CRON_COUNTED -> minute % 20 == 0;
            };
        }

        boolean counts() {
            return this == COUNTED || this == CRON_COUNTED;
        }
    }

    /// How far the clock is ahead of the true time, from a time relative to the change on.
    private record Jump(Duration from, Duration ahead) {}

    record Case(Change change, Rule rule, Missed missed) {
        @Override
        public String toString() {
            return change.zone() + " " + change.transition().getInstant() + " " + rule + " " + missed;
        }
    }

    static Stream<Case> cases() {
        return OccurrencesTest.changes().stream()
                .flatMap(change -> Stream.of(Rule.values())
                        .flatMap(rule -> Stream.of(Missed.values()).map(missed -> new Case(change, rule, missed))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTickThatComesInTimeRunsOnceWhateverItsPolicy(Case one) {
        var driven = new Driven(one);
        for (Instant tick = driven.begin; !tick.isAfter(driven.end); tick = tick.plusSeconds(20)) {
            driven.tick(tick);
        }

        assertThat(driven.runs).containsExactlyElementsOf(driven.expected(driven.begin, driven.end));
        assertThat(driven.missed).isZero();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ticksMissedOverTheChangeAreDealtWithAsTheScheduleSays(Case one) {
        var driven = new Driven(one);
        Instant back = driven.end.minusSeconds(7 * 60); // Nothing is due in the minute before it.

        driven.tick(back);

        List<Instant> expected = driven.expected(driven.begin, back);
        assertThat(expected).hasSizeGreaterThan(3);
        assertThat(driven.runs)
                .isEqualTo(
                        switch (one.missed()) {
                            case SKIP -> List.of();
                            case RUN_ONCE -> List.of(expected.getLast());
                            case RUN_ALL -> expected;
                        });
        assertThat(driven.missed).isEqualTo(expected.size() - driven.runs.size());
        driven.tick(driven.end);
        assertThat(driven.runs.size() + driven.missed)
                .isEqualTo(driven.expected(driven.begin, driven.end).size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aClockThatJumpsAnHourNeitherLosesNorDoublesATick(Case one) {
        Duration half = Duration.ofMinutes(30);
        List<List<Jump>> tables = List.of(
                List.of(new Jump(half.negated(), HOUR), new Jump(half, Duration.ZERO)),
                List.of(new Jump(Duration.ZERO, HOUR), new Jump(HOUR, Duration.ZERO)),
                List.of(new Jump(half.negated(), HOUR.negated()), new Jump(half, Duration.ZERO)),
                List.of(
                        new Jump(Duration.ZERO, HOUR.negated()),
                        new Jump(HOUR, HOUR),
                        new Jump(HOUR.plus(half), Duration.ZERO)),
                List.of(new Jump(half, HOUR.negated())),
                List.of(new Jump(half, HOUR)));
        for (List<Jump> jumps : tables) {
            var driven = new Driven(one);
            Instant latest = driven.begin;
            for (Instant tick = driven.begin; !tick.isAfter(driven.end); tick = tick.plusSeconds(20)) {
                Instant shown = tick.plus(ahead(jumps, Duration.between(driven.change, tick)));
                driven.tick(shown);
                latest = shown.isAfter(latest) ? shown : latest;
            }

            List<Instant> expected = driven.expected(driven.begin, latest);
            assertThat(driven.runs).as("%s", jumps).doesNotHaveDuplicates().isSubsetOf(expected);
            assertThat(driven.runs.size() + driven.missed).as("%s", jumps).isEqualTo(expected.size());
            if (one.missed() == Missed.RUN_ALL) {
                assertThat(driven.runs).as("%s", jumps).containsExactlyElementsOf(expected);
            }
        }
    }

    private static Duration ahead(List<Jump> jumps, Duration sinceChange) {
        Duration ahead = Duration.ZERO;
        for (Jump jump : jumps) {
            if (sinceChange.compareTo(jump.from()) >= 0) {
                ahead = jump.ahead();
            }
        }
        return ahead;
    }

    /// What the driver does with each tick, without its rows.
    private static final class Driven {
        private final Case one;
        private final Occurrences times;
        private final Instant change;
        private final Instant begin;
        private final Instant end;
        private final List<Instant> runs = new ArrayList<>();
        private int missed;
        private Optional<Instant> next;

        Driven(Case one) {
            this.one = one;
            this.times = new Occurrences(one.rule().timing(one.change()));
            this.change = one.change().transition().getInstant();
            this.begin = change.minus(AROUND).plusSeconds(5);
            this.end = change.plus(AROUND).plusSeconds(5);
            this.next = times.next(begin).map(Occurrence::at);
        }

        void tick(Instant now) {
            if (next.isEmpty() || next.get().isAfter(now)) {
                return;
            }
            var rules = new Schedule.Rules(one.missed(), Schedule.Rules.MISSED_MAX_LIMIT, Duration.ofMinutes(15));
            DuePlan plan = DuePlan.of(times, rules, next.get(), now, GRACE);
            runs.addAll(plan.run());
            missed += Math.toIntExact(plan.missed());
            next = plan.next();
        }

        /// Reckoned minute by minute, from nothing but the zone's offsets.
        List<Instant> expected(Instant after, Instant to) {
            Set<Instant> expected = new HashSet<>();
            var rules = one.change().zone().getRules();
            Instant minute = Instant.ofEpochSecond(after.getEpochSecond() / 60 * 60);
            for (; !minute.isAfter(to); minute = minute.plusSeconds(60)) {
                LocalDateTime wall =
                        LocalDateTime.ofInstant(minute, one.change().zone());
                boolean second = rules.getValidOffsets(wall).size() == 2
                        && rules.getOffset(minute)
                                .equals(one.change().transition().getOffsetAfter());
                boolean runs = one.rule().names(wall) && (one.rule().counts() || !second);
                if (runs || skippedHere(minute)) {
                    expected.add(minute);
                }
            }
            expected.removeIf(at -> !at.isAfter(after));
            return List.copyOf(new TreeSet<>(expected));
        }

        /// Times of day that the clocks leave out run at the moment of the change.
        private boolean skippedHere(Instant minute) {
            if (one.rule().counts() || !one.change().transition().isGap() || !minute.equals(change)) {
                return false;
            }
            LocalDateTime wall = one.change().transition().getDateTimeBefore();
            for (; wall.isBefore(one.change().transition().getDateTimeAfter()); wall = wall.plusMinutes(1)) {
                if (one.rule().names(wall)) {
                    return true;
                }
            }
            return false;
        }
    }
}
