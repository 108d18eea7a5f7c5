package dev.steward.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.Wording.Phrase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SayingTest {

    private static Object[] values(Saying saying) {
        return saying.names().stream()
                .map(name -> name.equals("time") ? "30 s" : (Object) 7L)
                .toArray();
    }

    @ParameterizedTest
    @EnumSource
    void everySayingIsFoundAgainInItsEnglish(Saying saying) {
        if (saying.template().isEmpty()) {
            return; // Its English is made where it is said, with more in it than its values.
        }
        Wording said = saying.said(values(saying));

        assertThat(said.english()).isNotBlank();
        assertThat(Wording.read(said.english())).isEqualTo(said);
    }

    @Test
    void aTextOfSeveralSayingsIsReadOneByOne() {
        Wording read = Wording.read("first refused the connection; second has no model llama3.2. Questions are kept and"
                + " answered when a model is there.");

        assertThat(read.phrases())
                .containsExactly(
                        new Phrase(Saying.BACKEND_REFUSES, Map.of("backend", "first")),
                        new Phrase(Saying.BACKEND_WITHOUT_MODEL, Map.of("backend", "second", "model", "llama3.2")),
                        new Phrase(Saying.QUESTIONS_KEPT, Map.of()));
    }

    /// Directories of people, and what somebody types as a name.
    @Test
    void aValueOfSeveralWordsIsReadToo() {
        for (Wording said : List.of(
                Saying.BACKEND_NAME.said(32L, "My model server"),
                Saying.BUILT_IN_FILE_MISSING.said("/home/ada/My Models/small one.gguf"),
                Saying.DISK_FULL.said("/media/My Disk", 7L, "qwen", 900L).then(Saying.QUESTION_KEPT.said()),
                Saying.QUESTION_KEPT.said().then(Saying.MODEL_REFERENCE.said("no such model")))) {
            assertThat(Wording.read(said.english())).isEqualTo(said);
        }
    }

    @Test
    void aTextThatHoldsAnythingElseIsLeftInEnglish() {
        for (String text : List.of(
                "",
                "Nobody says this.",
                "Your question is kept. Nobody says this.",
                "first refused the connection, and more",
                "Nobody says this. first refused the connection",
                "nobody but first refused the connection",
                "x".repeat(5_000),
                "a b ".repeat(400))) {
            assertThat(Wording.read(text)).isEqualTo(new Wording(text, List.of()));
        }
    }

    @Test
    void aValueIsPutInAsItIs() {
        assertThat(Saying.DISK_FULL.english("/a$1", 1, "{free}", 2))
                .isEqualTo(
                        "The disk of /a$1 has 1 MB free; {free} needs 2 MB. Free some room, or name a smaller model.");
    }

    @Test
    void whatTheListDoesNotHaveCantBeSent() {
        assertThatThrownBy(() -> new Phrase("nobody_says_this", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Saying.NO_SUCH.said()).isInstanceOf(IllegalArgumentException.class);
    }
}
