package dev.steward.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverlapTest {

    private static String joined(String said, String... pieces) {
        var overlap = new Overlap(said, true);
        var text = new StringBuilder(said);
        for (String piece : pieces) {
            text.append(overlap.add(piece));
        }
        return text.append(overlap.end()).toString();
    }

    @Test
    void whatIsRepeatedInPiecesIsTakenAway() {
        assertThat(joined("The capital of Fr", "capital ", "of", " France", " is"))
                .isEqualTo("The capital of France is");
    }

    @Test
    void anAnswerBegunAnewIsSkippedUpToWhereItStopped() {
        assertThat(joined("Paris is big", "Paris", " is", " big", " and old.")).isEqualTo("Paris is big and old.");
    }

    @Test
    void whatOnlyLooksLikeARepetitionAtFirstIsKept() {
        assertThat(joined("one two three", " two", " birds")).isEqualTo("one two three two birds");
    }

    @Test
    void aLetterThatComesTwiceStays() {
        assertThat(joined("a ball", "l", "oon")).isEqualTo("a ballloon");
    }

    @Test
    void aRepetitionAtTheVeryEndIsTakenAway() {
        assertThat(joined("all is well", " is well")).isEqualTo("all is well");
    }

    @Test
    void withoutLookingNothingChanges() {
        assertThat(new Overlap("ho ho ho", false).add(" ho ho")).isEqualTo(" ho ho");
    }
}
