package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityValuesTest {

    private final PasswordRules rules = new PasswordRules();

    @ParameterizedTest
    @CsvSource({
        "User@Example.Test, user@example.test",
        "' a@b.test ', a@b.test",
        "ü@bücher.example, ü@xn--bcher-kva.example",
        "a+tag@b.test, a+tag@b.test"
    })
    void anAddressHasOneForm(String text, String form) {
        assertThat(Email.parse(text).orElseThrow().value()).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@b.test",
                "a@",
                "a b@c.test",
                "a@b c.test",
                "a\n@b.test",
                "a@-b.test",
                "a@b..test",
                "a,b@c.test"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThat(Email.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery", "12 ünïcödé 34", "tr0ub4dor&3", "🦀🐢🦊🐙🦉🐝🐞🦋"})
    void aGoodPasswordNeedsNoDigitsNorSigns(String password) {
        assertThat(rules.check("password", password, List.of("jane@example.test", "Jane")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "short, length",
        "password1, common",
        "PASSWORD1, common",
        "abababababab, common",
        "janedoe1, context",
        "steward1, context"
    })
    void aBadPasswordIsRefusedByName(String password, String rule) {
        assertThat(rules.check("password", password, List.of("janedoe@example.test", "Jane Doe")))
                .hasValueSatisfying(fault -> assertThat(fault.rule()).isEqualTo(rule));
    }

    @Test
    void aPasswordIsTheSameHoweverItIsTyped() {
        var hasher = new PasswordHasher(new SecureRandom());
        String hash = hasher.hash("pässwörter gut");

        assertThat(hash).startsWith("$argon2id$v=19$m=47104,t=1,p=1$");
        assertThat(hasher.matches("pa\u0308sswo\u0308rter gut", hash)).isTrue();
        assertThat(hasher.matches("passworter gut", hash)).isFalse();
        assertThat(hasher.isOutdated(hash)).isFalse();
        assertThat(hasher.isOutdated("$argon2id$v=19$m=19456,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaA"))
                .isTrue();
    }

    /// Else the time of the answer would tell who has an account.
    @Test
    void whoHasNoAccountCostsAsMuchAsAnybodyAndNeverGetsIn() {
        var hasher = new PasswordHasher(new SecureRandom());

        assertThat(hasher.matchNobody("")).isFalse();
        assertThat(hasher.isOutdated(hasher.nobodys())).isFalse();
    }

    @Test
    void anApiKeyIsReadBackAndAMistypedOneIsNot() {
        ApiKeyText key = ApiKeyText.random(new SecureRandom());

        assertThat(key.full()).matches("stw_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}");
        assertThat(ApiKeyText.parse(key.full())).contains(key);
        char[] text = key.full().toCharArray();
        text[20] = text[20] == 'a' ? 'b' : 'a';
        assertThat(ApiKeyText.parse(new String(text))).isEmpty();
        assertThat(key.toString()).doesNotContain(key.secret());
    }
}
