package dev.steward.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {

    private static final Path WORDS = Path.of("src/main/resources/words");
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)");

    static List<String> names() {
        try (var files = Files.list(WORDS)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("_[a-z]{2}\\.properties$", ""))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void noLanguageLacksAMessageOrOneOfItsPlaces(String name) {
        var catalogue = new Catalogue(name);
        Set<String> english = catalogue.keys(Language.EN);

        for (Language language : Language.values()) {
            assertThat(catalogue.keys(language)).as("keys in %s", language).isEqualTo(english);
            for (String key : english) {
                String text = catalogue.pattern(language, key);
                assertThat(places(text))
                        .as("%s in %s", key, language)
                        .isEqualTo(places(catalogue.pattern(Language.EN, key)));
                assertThat(text).as("%s in %s", key, language).isNotBlank().doesNotContain("'");
                assertThat(new MessageFormat(text, language.locale())).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            de-AT,de;q=0.9,en;q=0.8  | DE
            pt-BR,pt;q=0.9,fr;q=0.5  | FR
            en-GB                    | EN
            es;q=0, fr;q=0.1         | FR
            ja                       |
            ;;;                      |
            ''                       |
            *                        |
            """)
    void theReadersFirstKnownLanguageIsTaken(String header, Language expected) {
        assertThat(Language.accepted(header).orElse(null)).isEqualTo(expected);
    }

    @Test
    void aTextThatIsNotThereIsAMistake() {
        var catalogue = new Catalogue("schedules");

        assertThatThrownBy(() -> catalogue.say(Language.DE, "no_such_text"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text)
                .results()
                .map(m -> m.group(1))
                .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
    }
}
