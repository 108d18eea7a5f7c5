package dev.steward.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchWordsTest {

    @ParameterizedTest
    @CsvSource({
        "'Café  crème', 'cafe,creme'",
        "'ПРИВЕТ мир', 'привет,мир'",
        "'foo-bar 3.14', 'foo,bar,3,14'",
        "'東京タワー', '東,京,タ,ワ,ー'",
        "'same same', 'same'"
    })
    void wordsAreTakenWithoutMarksCaseAndPunctuation(String question, String words) {
        assertThat(SearchWords.of(question).all()).containsExactly(words.split(","));
    }

    @ParameterizedTest
    @CsvSource({"'?!'", "' '", "'\\'", "'😀'"})
    void whatHasNoWordFindsNothing(String question) {
        assertThat(SearchWords.of(question).all()).isEmpty();
    }

    @Test
    void quotesCantLeaveTheirPlaceInTheQuery() {
        assertThat(SearchWords.of("a' | 'b\\").query()).isEqualTo("'a':* & 'b':*");
    }

    @Test
    void anExcerptIsOneLineAroundTheLongestWordWithItsWordsMarked() {
        String text = "x ".repeat(100) + "The\nCafé is in Rome. " + "y ".repeat(200);

        SearchWords.Excerpt excerpt = SearchWords.of("the cafe").excerpt(text);

        assertThat(excerpt.text())
                .startsWith("…")
                .endsWith("…")
                .contains("The Café is in Rome.")
                .hasSizeLessThan(200);
        assertThat(excerpt.marks())
                .extracting(mark -> excerpt.text().substring(mark.from(), mark.to()))
                .containsExactly("The", "Café");
    }

    @Test
    void anExcerptNeverCutsACharacterInTwo() {
        SearchWords.Excerpt excerpt = SearchWords.of("needle").excerpt("😀".repeat(100) + " needle" + "😀".repeat(300));

        assertThat(excerpt.text().codePoints()).noneMatch(point -> point >= 0xd800 && point <= 0xdfff);
        assertThat(excerpt.text()).contains("needle");
    }
}
