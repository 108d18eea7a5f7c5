package dev.steward.identity;

import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.Wording;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a new password must be: long enough, and not one that is tried first. Nothing about digits or signs.
///
/// Source: NIST SP 800-63B-4, section 3.1.1.2; ASVS 5.0, 6.2.
final class PasswordRules {

    static final int LENGTH_MIN = 8;

    /// Bounds the cost of hashing; longer than any passphrase.
    static final int LENGTH_MAX = 128;

    /// Shorter words turn up in good passwords by chance.
    private static final int CONTEXT_WORD_LENGTH_MIN = 3;

    private static final int DISTINCT_MIN = 4;

    private final Set<String> common;

    PasswordRules() {
        try (InputStream list = Objects.requireNonNull(
                        PasswordRules.class.getResourceAsStream("/common-passwords.txt"), "common-passwords.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
            common = lines.lines().collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("the list of common passwords can't be read", e);
        }
    }

    /// The same characters typed on different machines are the same password.
    static String normalized(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC);
    }

    /// What is wrong with a new password; empty when it is good.
    ///
    /// @param field   its field in the request
    /// @param context words that the account is known by: its address, its name
    Optional<FieldFault> check(String field, String password, List<String> context) {
        String plain = normalized(password);
        int length = plain.codePointCount(0, plain.length());
        if (length < LENGTH_MIN) {
            return fault(field, "length", Saying.PASSWORD_TOO_SHORT.said(LENGTH_MIN));
        }
        if (length > LENGTH_MAX) {
            return fault(field, "length", Saying.AT_MOST_CHARACTERS.said(LENGTH_MAX));
        }
        String lower = plain.toLowerCase(Locale.ROOT);
        if (common.contains(lower) || lower.chars().distinct().count() < DISTINCT_MIN) {
            return fault(field, "common", Saying.PASSWORD_COMMON.said());
        }
        String rest = lower;
        for (String word : (Iterable<String>) words(context)::iterator) {
            rest = rest.replace(word, "");
        }
        if (rest.codePointCount(0, rest.length()) < LENGTH_MIN / 2) {
            return fault(field, "context", Saying.PASSWORD_OF_NAMES.said());
        }
        return Optional.empty();
    }

    private static Stream<String> words(List<String> context) {
        return Stream.concat(Stream.of("steward"), context.stream())
                .map(word -> normalized(word).toLowerCase(Locale.ROOT))
                .flatMap(word -> Stream.concat(Stream.of(word), Stream.of(word.split("[\\s@._+-]+"))))
                .filter(word -> word.length() >= CONTEXT_WORD_LENGTH_MIN)
                .sorted((a, b) -> b.length() - a.length());
    }

    private static Optional<FieldFault> fault(String field, String rule, Wording message) {
        return Optional.of(new FieldFault(field, rule, message));
    }
}
