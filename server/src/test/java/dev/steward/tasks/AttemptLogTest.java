package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptLogTest {

    private final AttemptLog log = new AttemptLog();

    @Test
    void moreLinesThanTheLimitAreLeftOutAndTheLastSaysSo() {
        for (int i = 0; i < AttemptLog.LINES_MAX + 50; i++) {
            log.add("line " + i, i);
        }

        List<AttemptLog.Line> lines = log.unwritten();
        assertThat(lines).hasSize(AttemptLog.LINES_MAX);
        assertThat(lines.getLast().text()).contains("left out");
        assertThat(lines.get(AttemptLog.LINES_MAX - 2).text()).isEqualTo("line " + (AttemptLog.LINES_MAX - 2));
    }

    @Test
    void aLineIsCutBetweenCharactersAndHoldsNothingThatCanNotBeStored() {
        log.add("a".repeat(AttemptLog.LINE_MAX - 1) + "\uD83D\uDE00", 0);
        log.add("one\ntwo\0three", 0);

        assertThat(log.unwritten())
                .extracting(AttemptLog.Line::text)
                .containsExactly("a".repeat(AttemptLog.LINE_MAX - 1), "one two three");
    }

    @Test
    void whatIsWrittenIsNotWrittenAgainAndWhatFailedIs() {
        log.add("one", 0);
        List<AttemptLog.Line> first = log.unwritten();
        log.add("two", 0);

        assertThat(log.unwritten()).hasSize(2);
        log.wrote(first);
        assertThat(log.unwritten()).extracting(AttemptLog.Line::text).containsExactly("two");
        assertThat(log.unwritten().getFirst().place()).isEqualTo(1);
    }
}
