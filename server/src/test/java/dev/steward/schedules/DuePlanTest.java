package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class DuePlanTest {

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant NINE = Instant.parse("2026-11-21T09:00:00Z");
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final Occurrences HOURLY =
            new Occurrences(Timing.rrule("FREQ=HOURLY", LocalDateTime.parse("2026-11-21T00:00"), UTC));

    @Test
    void whatIsDueNowRunsUnderEveryPolicy() {
        for (Missed missed : Missed.values()) {
            DuePlan plan = plan(missed, 10, NINE, NINE.plusSeconds(2));

            assertThat(plan.run()).containsExactly(NINE);
            assertThat(plan.missed()).isZero();
            assertThat(plan.next()).contains(hour(1));
        }
    }

    @Test
    void missedRunsAreLeftOutWhenTheScheduleSkipsThem() {
        DuePlan plan = plan(Missed.SKIP, 10, NINE, hour(3).plusSeconds(5));

        assertThat(plan.run()).containsExactly(hour(3));
        assertThat(plan.missed()).isEqualTo(3);
        assertThat(plan.next()).contains(hour(4));
    }

    @Test
    void theLatestMissedRunMakesUpForAllOfThem() {
        DuePlan plan = plan(Missed.RUN_ONCE, 10, NINE, hour(3).plus(Duration.ofMinutes(30)));

        assertThat(plan.run()).containsExactly(hour(3));
        assertThat(plan.missed()).isEqualTo(3);
    }

    @Test
    void aMissedRunIsNotMadeUpForWhenTheNextOneIsDueAnyway() {
        DuePlan plan = plan(Missed.RUN_ONCE, 10, NINE, hour(3).plusSeconds(5));

        assertThat(plan.run()).containsExactly(hour(3));
        assertThat(plan.missed()).isEqualTo(3);
    }

    @Test
    void allMissedRunsRunOldestFirstUpToTheCap() {
        DuePlan all = plan(Missed.RUN_ALL, 10, NINE, hour(3).plus(Duration.ofMinutes(30)));
        DuePlan capped = plan(Missed.RUN_ALL, 2, NINE, hour(3).plus(Duration.ofMinutes(30)));

        assertThat(all.run()).containsExactly(NINE, hour(1), hour(2), hour(3));
        assertThat(all.missed()).isZero();
        assertThat(capped.run()).containsExactly(hour(2), hour(3));
        assertThat(capped.missed()).isEqualTo(2);
    }

    @Test
    void aRunThatWasAnnouncedIsKeptWhenTheRulesOfItsZoneHaveChanged() {
        DuePlan plan = plan(Missed.RUN_ONCE, 10, NINE.plusSeconds(1800), NINE.plusSeconds(1801));

        assertThat(plan.run()).containsExactly(NINE.plusSeconds(1800));
    }

    @Test
    void aScheduleThatLayStillForYearsIsReckonedInNoTime() {
        Occurrences minutely =
                new Occurrences(Timing.rrule("FREQ=MINUTELY", LocalDateTime.parse("2016-01-01T00:00"), UTC));

        DuePlan plan = DuePlan.of(
                minutely,
                new Schedule.Rules(Missed.RUN_ALL, 5, Duration.ofMinutes(15)),
                Instant.parse("2016-01-01T00:00:00Z"),
                NINE.plusSeconds(70),
                GRACE);

        assertThat(plan.run()).hasSize(6).endsWith(NINE, NINE.plusSeconds(60));
        assertThat(plan.next()).contains(NINE.plusSeconds(120));
    }

    private static Instant hour(int after) {
        return NINE.plus(Duration.ofHours(after));
    }

    private static DuePlan plan(Missed missed, int max, Instant next, Instant now) {
        return DuePlan.of(HOURLY, new Schedule.Rules(missed, max, Duration.ofMinutes(15)), next, now, GRACE);
    }
}
