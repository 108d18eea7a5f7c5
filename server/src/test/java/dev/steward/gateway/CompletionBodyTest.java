package dev.steward.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.StewardException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionBodyTest {

    @Test
    void theModelsPlaceEnclosesItsText() {
        CompletionBody body =
                parse("{\"stream\" : true, \"model\": \"a\\u0062c/ü\" , \"messages\":[{\"x\":[1,{}]}], \"n\":1}");

        assertThat(body.model()).isEqualTo("abc/ü");
        assertThat(body.stream()).isTrue();
        assertThat(text(body, body.modelFrom(), body.modelTo())).isEqualTo("\"a\\u0062c/ü\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"ä\"}]}",
                "{\"messages\": [ {\"role\":\"user\",\"content\":\"ä\"} ] , \"model\" : \"m\"}"
            })
    void aMessagePutInFrontLeavesEverythingElseInPlace(String json) {
        CompletionBody longer = parse(json).withFirstMessage("{\"role\":\"system\"}".getBytes(StandardCharsets.UTF_8));

        CompletionBody again = CompletionBody.parse(longer.bytes());
        assertThat(again.model()).isEqualTo("m");
        assertThat(text(longer, longer.modelFrom(), longer.modelTo())).isEqualTo("\"m\"");
        assertThat(new String(longer.bytes(), StandardCharsets.UTF_8))
                .contains("[{\"role\":\"system\"},")
                .contains("\"content\":\"ä\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"model\":\"m\"}",
                "{\"messages\":[1]}",
                "{\"model\":7,\"messages\":[1]}",
                "{\"model\":\" \",\"messages\":[1]}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":{}}",
                "{\"model\":\"m\",\"messages\":[1],\"stream\":\"yes\"}",
                "{\"model\":\"m\",\"model\":\"n\",\"messages\":[1]}",
                "{\"model\":\"m\",\"messages\":[1]} {}",
                "{\"model\":\"m\",\"messages\":[1}",
            })
    void whatIsNoChatRequestIsRefusedInOneSentence(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        StewardException.class, e -> assertThat(e.status()).isEqualTo(400))
                .message()
                .doesNotContain("\n");
    }

    @Test
    void endlessNestingIsRefused() {
        String deep = "{\"model\":\"m\",\"messages\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> parse(deep)).isInstanceOf(StewardException.class);
    }

    private static CompletionBody parse(String json) {
        return CompletionBody.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(CompletionBody body, int from, int to) {
        return new String(body.bytes(), from, to - from, StandardCharsets.UTF_8);
    }
}
