package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DueTimesTest {

    private final DueTimes due = new DueTimes();

    @Test
    void withoutKnownTimesTheWaitIsTheLongest() {
        assertThat(due.untilNext(100, 50)).isEqualTo(50);
    }

    @Test
    void theWaitEndsWithTheNextTimeAndEachTimeCountsOnce() {
        due.add(130);
        due.add(120);

        assertThat(due.untilNext(100, 50)).isEqualTo(20);
        assertThat(due.untilNext(120, 50)).isZero();
        assertThat(due.untilNext(120, 50)).isEqualTo(10);
    }

    @Test
    void moreTimesThanTheLimitAreForgotten() {
        for (int i = 0; i < DueTimes.REMEMBERED_MAX + 10; i++) {
            due.add(1_000_000 + i);
        }

        assertThat(due.untilNext(2_000_000, 50)).isZero();
        assertThat(due.untilNext(2_000_000, 50)).isEqualTo(50);
    }
}
