package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealedAnswerTest {

    private static final UUID OWNER = new UUID(1, 1);
    private static final UUID RESOURCE = new UUID(2, 2);
    private static final SealedAnswer ANSWER =
            new SealedAnswer(201, "application/json", "/x", "secret".getBytes(StandardCharsets.UTF_8));

    @Test
    void theSameKeyOpensIt() {
        byte[] sealed = ANSWER.seal(claim("key"), new byte[12]);

        SealedAnswer opened = SealedAnswer.open(claim("key"), sealed);

        assertThat(opened.status()).isEqualTo(201);
        assertThat(opened.location()).isEqualTo("/x");
        assertThat(new String(opened.body(), StandardCharsets.UTF_8)).isEqualTo("secret");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    }

    @Test
    void anotherKeyDoesNot() {
        byte[] sealed = ANSWER.seal(claim("key"), new byte[12]);

        assertThatIllegalStateException().isThrownBy(() -> SealedAnswer.open(claim("another"), sealed));
    }

    private static IdempotencyClaim claim(String key) {
        return new IdempotencyClaim(OWNER, key, RESOURCE);
    }
}
