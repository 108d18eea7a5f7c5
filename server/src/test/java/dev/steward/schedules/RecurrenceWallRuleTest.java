package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceWallRuleTest {

    private static final LocalDateTime START = LocalDateTime.parse("2026-01-30T08:35:20");
    private static final LocalDateTime END = START.plusDays(45);
    private static final int LOOKS = 400;

    /// What the library finds when it goes through all of them from the start on.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "FREQ=HOURLY",
                "FREQ=HOURLY;INTERVAL=5",
                "FREQ=HOURLY;INTERVAL=7;BYMINUTE=10,50",
                "FREQ=HOURLY;INTERVAL=6;BYSECOND=15",
                "FREQ=HOURLY;BYMINUTE=0,20,40;BYSETPOS=2",
                "FREQ=HOURLY;INTERVAL=3;BYDAY=MO,FR;UNTIL=20260301T000000",
                "FREQ=HOURLY;INTERVAL=11;COUNT=20",
                "FREQ=HOURLY;INTERVAL=5;BYMONTHDAY=1,15,-1",
                "FREQ=MINUTELY;INTERVAL=37",
                "FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,17",
                "FREQ=MINUTELY;INTERVAL=50;COUNT=700",
                "FREQ=MINUTELY;INTERVAL=45;BYSECOND=0,30;BYDAY=SU,WE",
                "FREQ=SECONDLY;INTERVAL=1000",
                "FREQ=DAILY;INTERVAL=2;BYHOUR=7,19",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA"
            })
    void theNextOneIsTheOneThatALookFromTheStartFinds(String expression) throws InvalidRecurrenceRuleException {
        var rule = new RecurrenceWallRule(expression, START, ZoneOffset.UTC);
        NavigableSet<LocalDateTime> all = fromTheStart(expression);
        long seed = System.nanoTime();
        var random = new Random(seed);

        for (int i = 0; i < LOOKS; i++) {
            LocalDateTime after = START.plusSeconds(random.nextLong(-3_600, 40 * 86_400L));
            assertThat(rule.next(after))
                    .as("after %s, seed %d", after, seed)
                    .isEqualTo(Optional.ofNullable(all.higher(after)));
        }
        for (LocalDateTime one : all.headSet(START.plusDays(5))) {
            assertThat(rule.next(one)).as("after %s", one).isEqualTo(Optional.ofNullable(all.higher(one)));
        }
    }

    private static NavigableSet<LocalDateTime> fromTheStart(String expression) throws InvalidRecurrenceRuleException {
        RecurrenceRuleIterator times = new RecurrenceRule(expression)
                .iterator(new DateTime(
                        START.getYear(),
                        START.getMonthValue() - 1,
                        START.getDayOfMonth(),
                        START.getHour(),
                        START.getMinute(),
                        START.getSecond()));
        NavigableSet<LocalDateTime> all = new TreeSet<>();
        while (times.hasNext()) {
            LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(times.nextMillis()), ZoneOffset.UTC);
            if (time.isAfter(END)) {
                break;
            }
            all.add(time);
        }
        return all;
    }
}
