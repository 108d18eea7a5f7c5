package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Language;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OccurrencesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static final List<String> ZONES = List.of(
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago");

    /// A change of the clocks.
    record Change(ZoneId zone, ZoneOffsetTransition transition) {}

    /// Every one of 2026 and 2027.
    static List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (String name : ZONES) {
            ZoneId zone = ZoneId.of(name);
            ZoneOffsetTransition next = zone.getRules().nextTransition(Instant.parse("2025-12-31T00:00:00Z"));
            while (next != null && next.getInstant().isBefore(Instant.parse("2028-01-01T00:00:00Z"))) {
                changes.add(new Change(zone, next));
                next = zone.getRules().nextTransition(next.getInstant());
            }
        }
        return changes;
    }

    @Test
    void everyZoneChangesItsClocksFourTimesInTheTwoYears() {
        assertThat(changes()).hasSize(20);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aDailyTimeRunsOnceOnEachDayAroundEveryChange(Change change) {
        LocalDate day = change.transition().getDateTimeBefore().toLocalDate();
        LocalDateTime middle = change.transition().isGap()
                ? change.transition().getDateTimeBefore()
                : change.transition().getDateTimeAfter();
        LocalDateTime first = middle.plusMinutes(15).minusDays(3);

        for (Timing timing : List.of(
                Timing.rrule("FREQ=DAILY", first, change.zone()),
                Timing.cron(first.getMinute() + " " + first.getHour() + " * * *", first, change.zone()))) {
            List<Occurrence> runs = new Occurrences(timing)
                    .between(
                            first.minusDays(1).atZone(change.zone()).toInstant(),
                            first.plusDays(7)
                                    .minusHours(1)
                                    .atZone(change.zone())
                                    .toInstant(),
                            100);

            assertThat(runs).as(timing.kind() + " around " + day).hasSize(7);
            assertThat(runs.stream().map(Occurrence::wall).toList())
                    .isEqualTo(List.of(
                            first,
                            first.plusDays(1),
                            first.plusDays(2),
                            first.plusDays(3),
                            first.plusDays(4),
                            first.plusDays(5),
                            first.plusDays(6)));
            Occurrence touched = runs.get(3);
            if (change.transition().isGap()) {
                assertThat(touched.fate()).isEqualTo(Occurrence.Fate.SKIPPED);
                assertThat(touched.at()).isEqualTo(change.transition().getInstant());
            } else {
                assertThat(touched.fate()).isEqualTo(Occurrence.Fate.TWICE);
                assertThat(touched.at())
                        .isEqualTo(touched.wall().toInstant(change.transition().getOffsetBefore()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyQuarterOfAnHourIsAQuarterOfAnHourApartThroughEveryChange(Change change) {
        Instant at = change.transition().getInstant();
        LocalDateTime start = LocalDateTime.ofInstant(at.minus(Duration.ofDays(2)), change.zone());

        for (Timing timing : List.of(
                Timing.rrule("FREQ=MINUTELY;INTERVAL=15", start, change.zone()),
                Timing.cron("*/15 * * * *", start, change.zone()))) {
            List<Instant> runs = new Occurrences(timing)
                    .between(at.minus(Duration.ofHours(5)), at.plus(Duration.ofHours(5)), 1000).stream()
                            .map(Occurrence::at)
                            .toList();

            assertThat(runs).hasSize(40);
            for (int i = 1; i < runs.size(); i++) {
                assertThat(Duration.between(runs.get(i - 1), runs.get(i))).isEqualTo(Duration.ofMinutes(15));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void steppingFromRunToRunNeverLosesOrRepeatsOneForTimesAllOverTheDay(Change change) {
        LocalDateTime start =
                change.transition().getDateTimeBefore().minusDays(2).withMinute(0);
        String rule = "FREQ=DAILY;BYHOUR=0,1,2,3,4,23;BYMINUTE=0,10,30,45";
        Occurrences times = new Occurrences(Timing.rrule(rule, start, change.zone()));
        Instant from = change.transition().getInstant().minus(Duration.ofDays(1));
        Instant to = change.transition().getInstant().plus(Duration.ofDays(1));

        List<Occurrence> stepped = times.between(from, to, 1000);

        Set<Instant> expected = new HashSet<>();
        for (Instant minute = from.plus(Duration.ofMinutes(1)); !minute.isAfter(to); minute = minute.plusSeconds(60)) {
            LocalDateTime wall = LocalDateTime.ofInstant(minute, change.zone());
            boolean named = Set.of(0, 1, 2, 3, 4, 23).contains(wall.getHour())
                    && Set.of(0, 10, 30, 45).contains(wall.getMinute());
            boolean second = change.zone().getRules().getValidOffsets(wall).size() == 2
                    && change.zone()
                            .getRules()
                            .getOffset(minute)
                            .equals(change.transition().getOffsetAfter());
            if (named && !second) {
                expected.add(minute);
            }
        }
        if (change.transition().isGap()) {
            expected.add(change.transition().getInstant());
        }
        assertThat(stepped.stream().map(Occurrence::at))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(times.latest(from.plusMillis(1), to, 1000)).isEqualTo(stepped);
    }

    @Test
    void halfPastTwoOfTheTwentyEighthOfMarch2027RunsAtThree() {
        Timing timing = Timing.rrule("FREQ=DAILY", LocalDateTime.parse("2027-03-27T02:30"), BERLIN);

        List<Occurrence> runs = new Occurrences(timing).preview(Instant.parse("2027-03-27T12:00:00Z"), 2);

        assertThat(runs.getFirst().at()).isEqualTo(Instant.parse("2027-03-28T01:00:00Z"));
        assertThat(new Words(Language.EN).note(runs.getFirst(), timing))
                .contains("on 28 March 2027 02:30 doesn't exist: runs at 03:00");
        assertThat(new Words(Language.DE).note(runs.getFirst(), timing))
                .contains("am 28. März 2027 gibt es 02:30 nicht: läuft um 03:00");
        assertThat(runs.get(1).at()).isEqualTo(Instant.parse("2027-03-29T00:30:00Z"));
    }

    @Test
    void comingChangesAreToldLongBeforeTheyCome() {
        Timing timing = Timing.cron("30 2 * * *", LocalDateTime.parse("2026-11-21T00:00"), BERLIN);
        Words words = new Words(Language.EN);

        List<String> told = new Occurrences(timing)
                .changes(Instant.parse("2026-11-21T12:00:00Z"), 4).stream()
                        .flatMap(run -> words.note(run, timing).stream())
                        .toList();

        assertThat(told)
                .containsExactly(
                        "on 28 March 2027 02:30 doesn't exist: runs at 03:00",
                        "on 31 October 2027 02:30 comes twice: runs the first time only");
    }

    @Test
    void exceptionsAndTheLastDayAreKept() {
        Timing timing = new Timing(
                Timing.Kind.RRULE,
                "FREQ=DAILY;UNTIL=20261124T080000Z",
                LocalDateTime.parse("2026-11-21T09:00"),
                new TreeSet<>(Set.of(LocalDateTime.parse("2026-11-22T09:00"))),
                BERLIN);

        assertThat(new Occurrences(timing)
                        .preview(Instant.parse("2026-11-20T00:00:00Z"), 10).stream()
                                .map(o -> o.wall().toString())
                                .toList())
                .containsExactly("2026-11-21T09:00", "2026-11-23T09:00", "2026-11-24T09:00");
    }

    @Test
    void countIsReckonedFromTheStartHoweverFarAhead() {
        Timing timing = Timing.rrule("FREQ=DAILY;COUNT=3", LocalDateTime.parse("2026-11-21T09:00"), BERLIN);

        assertThat(new Occurrences(timing).preview(Instant.parse("2026-11-22T12:00:00Z"), 10))
                .hasSize(1);
        assertThat(new Occurrences(timing).next(Instant.parse("2027-11-22T12:00:00Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=YEARLY"})
    void lookingFromTheMiddleFindsWhatSteppingFromTheStartFinds(String rule) {
        Occurrences times = new Occurrences(Timing.rrule(rule, LocalDateTime.parse("2026-01-05T09:00"), BERLIN));
        List<Occurrence> all = times.preview(Instant.parse("2026-01-01T00:00:00Z"), 30);

        for (int i = 0; i + 1 < all.size(); i++) {
            assertThat(times.next(all.get(i).at().plusSeconds(1))).contains(all.get(i + 1));
        }
    }
}
