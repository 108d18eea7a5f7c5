package dev.steward.assistant.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.assistant.input.InputFlag.Kind;
import dev.steward.base.FieldFault;
import dev.steward.base.NameCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputValidatorTest {

    private final InputValidator validator = new InputValidator(InputSettings.defaults());
    private final InputValidator strict = new InputValidator(new InputSettings(true, 10_000, 50_000));

    private static List<String> corpus(String name) {
        try (InputStream in = InputValidatorTest.class.getResourceAsStream(name + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("no corpus " + name);
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(line -> line.replace("\\n", "\n").replace("\\t", "\t"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rule(TextCheck check) {
        return switch (check) {
            case TextCheck.Accepted _ -> "";
            case TextCheck.Refused(List<FieldFault> faults) -> faults.getFirst().rule();
        };
    }

    private static String rule(NameCheck check) {
        return check.faults().isEmpty() ? "" : check.faults().getFirst().rule();
    }

    private boolean flagged(String text, Kind kind) {
        return validator.flags(text).stream().anyMatch(f -> f.kind() == kind && f.score() >= InputFlag.SURE);
    }

    // ---- corpora ----

    @ParameterizedTest
    @CsvSource({"attacks-xss, XSS", "attacks-sql, SQL_INJECTION", "attacks-path, PATH_TRAVERSAL"})
    void atLeastNineteenOfTwentyAttacksAreFlaggedAsWhatTheyAre(String corpus, Kind kind) {
        List<String> attacks = corpus(corpus);
        List<String> missed =
                attacks.stream().filter(attack -> !flagged(attack, kind)).toList();

        assertThat(missed).as("missed of %d", attacks.size()).hasSizeLessThanOrEqualTo(attacks.size() / 20);
    }

    @Test
    void noOrdinaryTextIsRefusedOrChangedAndHardlyAnyIsFlagged() {
        List<String> texts = corpus("legit");
        List<String> flagged = new ArrayList<>();
        for (String text : texts) {
            assertThat(validator.message("message", text))
                    .isInstanceOfSatisfying(TextCheck.Accepted.class, accepted -> {
                        assertThat(accepted.text()).isSameAs(text);
                        if (accepted.flags().stream().anyMatch(f -> f.score() >= InputFlag.SURE)) {
                            flagged.add(text);
                        }
                    });
        }

        assertThat(flagged).as("flagged of %d", texts.size()).hasSizeLessThanOrEqualTo(texts.size() / 50);
    }

    @Test
    void strictModeRefusesAttacksAndLetsOrdinaryTextThrough() {
        assertThat(rule(strict.message("message", "<script>alert(1)</script>"))).isEqualTo("xss");
        assertThat(rule(strict.message("message", "' or 1=1--"))).isEqualTo("sql_injection");
        assertThat(rule(strict.message("message", "../../../etc/passwd"))).isEqualTo("path_traversal");
        long refused = corpus("legit").stream()
                .filter(t -> strict.message("message", t) instanceof TextCheck.Refused)
                .count();
        assertThat(refused).isLessThanOrEqualTo(corpus("legit").size() / 50);
    }

    @Test
    void flagsTellWhereTheSignIs() {
        String text = "Why is <script>alert(1)</script> bad?";

        assertThat(validator.flags(text))
                .singleElement()
                .satisfies(flag -> assertThat(flag.spans().stream().map(s -> text.substring(s.from(), s.to())))
                        .contains("<script"));
    }

    @Test
    void ofAnEncodedSignTheEncodedTextIsTold() {
        String text = "see %3Cscript%3E";

        assertThat(validator.flags(text))
                .singleElement()
                .satisfies(flag -> assertThat(flag.spans().stream().map(s -> text.substring(s.from(), s.to())))
                        .contains("%3Cscript"));
    }

    // ---- free text ----

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t ", "\u200B\u200B", "\u00A0\u3000", "\u2063", "\u0001\u0002", "\u3164"})
    void textWithoutAnythingToSeeIsRefused(String text) {
        assertThat(rule(validator.message("message", text))).isEqualTo("required");
    }

    @Test
    void aMessageHasAtMostTenThousandCharactersAndAnEmojiIsOne() {
        assertThat(rule(validator.message("message", "x".repeat(10_000)))).isEmpty();
        assertThat(rule(validator.message("message", "x".repeat(10_001)))).isEqualTo("length");
        assertThat(rule(validator.message("message", "😀".repeat(10_000)))).isEmpty();
        assertThat(rule(validator.message("message", "😀".repeat(10_001)))).isEqualTo("length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\uD83D", "\uDE00a", "\uD83D\uD83D\uDE00", "a\uDE00\uD83D"})
    void whatCanNotBeStoredIsRefused(String text) {
        assertThat(rule(validator.message("message", text))).isEqualTo("characters");
    }

    @ParameterizedTest
    @CsvSource({
        "0007, CONTROL_CHARACTERS",
        "009F, CONTROL_CHARACTERS",
        "202E, BIDI_OVERRIDE",
        "FFFD, REPLACEMENT_CHARACTER"
    })
    void oddCharactersAreFlaggedAndKept(String hex, Kind kind) {
        String text = "a" + (char) Integer.parseInt(hex, 16) + "b";

        assertThat(validator.message("message", text)).isInstanceOfSatisfying(TextCheck.Accepted.class, accepted -> {
            assertThat(accepted.text()).isEqualTo(text);
            assertThat(accepted.flags())
                    .singleElement()
                    .satisfies(f -> assertThat(f.kind()).isEqualTo(kind));
        });
    }

    @Test
    void noTypeMakesItThrow() {
        @Nullable Object[] values = {
            null, 1, 1.5, true, 'c', new byte[] {1}, new Object(), List.of(), Map.of(), Set.of(1), Kind.XSS
        };
        for (@Nullable Object value : values) {
            assertThat(validator.message("f", value)).isInstanceOf(TextCheck.Refused.class);
            assertThat(validator.title("f", value)).isInstanceOf(NameCheck.Refused.class);
            assertThat(validator.fileName("f", value)).isInstanceOf(NameCheck.Refused.class);
            assertThat(validator.agentName("f", value)).isInstanceOf(NameCheck.Refused.class);
            assertThat(validator.metadataKey("f", value)).isInstanceOf(NameCheck.Refused.class);
            assertThat(validator.context("f", value)).isNotNull();
        }
    }

    @Test
    void noTextMakesItThrow() {
        var random = new Random(4711);
        String alphabet = "<>'\"=();:/\\.-#%&|*+ onscriptaldejv1xuUNIOselct;:../%2e&#x3c;\u0000\n\t\uFF1C😀é";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(60);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String input = text.toString();
            assertThat(validator.message("f", input)).isNotNull();
            assertThat(validator.fileName("f", input)).isNotNull();
            validator
                    .flags(input)
                    .forEach(flag -> flag.spans()
                            .forEach(span -> assertThat(input.length()).isGreaterThanOrEqualTo(span.to())));
        }
    }

    // ---- context ----

    @Test
    void aContextIsCheckedThroughAllItsLevels() {
        assertThat(validator.context("context", Map.of("a", List.of(1, true, "<script>x"))))
                .isInstanceOfSatisfying(
                        TextCheck.Accepted.class,
                        accepted -> assertThat(accepted.flags())
                                .extracting(InputFlag::kind)
                                .containsExactly(Kind.XSS));
        assertThat(rule(strict.context("context", List.of("' or 1=1--")))).isEqualTo("sql_injection");
        assertThat(rule(validator.context("context", Map.of("a b", 1)))).isEqualTo("format");
        assertThat(rule(validator.context("context", Map.of(1, 1)))).isEqualTo("type");
        assertThat(rule(validator.context("context", Map.of("a", new Object()))))
                .isEqualTo("type");
        assertThat(rule(validator.context("context", List.of("a\u0000")))).isEqualTo("characters");
    }

    @Test
    void aContextIsBoundedInDepthNumberAndSize() {
        Map<String, Object> cycle = new HashMap<>();
        cycle.put("self", cycle);
        assertThat(rule(validator.context("context", cycle))).isEqualTo("depth");
        assertThat(rule(validator.context("context", java.util.Collections.nCopies(1_001, 1))))
                .isEqualTo("count");
        assertThat(rule(validator.context("context", List.of("x".repeat(50_000)))))
                .isEmpty();
        assertThat(rule(validator.context("context", List.of("x".repeat(50_001)))))
                .isEqualTo("length");
        assertThat(rule(validator.context("context", null))).isEmpty();
    }

    // ---- names ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Trip to Rome",
                "O'Brien's plan",
                "C++ & C#: which?",
                "Q1/Q2 figures",
                "日本語のタイトル",
                "שלום",
                "Love <3",
                "50% off!",
                "'80s music",
                "Who's \"who\"",
                "🏳️‍🌈 pride",
                "a; b; c",
                "1 < 2"
            })
    void ordinaryTitlesPass(String title) {
        assertThat(validator.title("title", title).faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "<b onclick=alert(1)>x|xss", "<script>x</script>|xss", "javascript:alert(1)|xss",
                "' or '1'='1|sql_injection", "x'; drop table users;--|sql_injection", "../../etc/passwd|path_traversal"
            },
            delimiter = '|',
            quoteCharacter = '`')
    void titlesThatAreAttacksAreRefusedByName(String title, String rule) {
        assertThat(rule(validator.title("title", title))).isEqualTo(rule);
        assertThat(rule(validator.displayName("display_name", title))).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"two\nlines", "bell\u0007", "over\u202Eride", "nul\u0000", "half\uD83D", "\u2028", "bad\uFFFD"})
    void aTitleIsOneLineWithoutControls(String title) {
        assertThat(validator.title("title", title)).isInstanceOf(NameCheck.Refused.class);
    }

    @Test
    void aNameIsComposedAndStripped() {
        assertThat(validator.displayName("display_name", "  Rene\u0301 O'Brien "))
                .isEqualTo(new NameCheck.Accepted("Ren\u00E9 O'Brien"));
        assertThat(rule(validator.title("title", "x".repeat(201)))).isEqualTo("length");
        assertThat(rule(validator.title("title", "😀".repeat(200)))).isEmpty();
        assertThat(rule(validator.title("title", "x".repeat(1_000_000)))).isEqualTo("length");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"notes.txt", "Résumé 2026.pdf", "archive.tar.gz", ".gitignore", "写真.png", "O'Brien (1).doc", "a"
            })
    void ordinaryFileNamesPass(String name) {
        assertThat(validator.fileName("name", name).faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/b",
                "a\\b",
                "..",
                ".",
                "...",
                "/etc/passwd",
                "%2e%2e%2fx",
                "..%2fx",
                "a\u0000.png",
                "con",
                "NUL.txt",
                "lpt1.a.b",
                "a.",
                "a:b",
                "a|b",
                "a?",
                "*",
                "<a>",
                "\u202Egnp.exe",
                "COM1",
                "x\n.txt",
                " "
            })
    void fileNamesThatMeanMoreThanANameAreRefused(String name) {
        assertThat(validator.fileName("name", name)).isInstanceOf(NameCheck.Refused.class);
    }

    @Test
    void aFileNameHasAtMostAsManyBytesAsFileSystemsTake() {
        assertThat(rule(validator.fileName("name", "é".repeat(127)))).isEmpty();
        assertThat(rule(validator.fileName("name", "é".repeat(128)))).isEqualTo("length");
    }

    @ParameterizedTest
    @CsvSource({"alpha,''", "my_agent-2,''", "Alpha,format", "2a,format", "a b,format", "a.b,format", "'',length"})
    void anAgentsNameIsAPlainWord(String name, String rule) {
        assertThat(rule(validator.agentName("agent", name))).isEqualTo(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "source,''",
        "trace.id,''",
        "X-Y_z,''",
        "a..b,reserved",
        "__proto__,format",
        "constructor,reserved",
        "$where,format"
    })
    void aKeyIsAPlainWord(String name, String rule) {
        assertThat(rule(validator.metadataKey("metadata", name))).isEqualTo(rule);
    }

    // ---- display ----

    @Test
    void htmlIsEncodedForDisplay() {
        assertThat(DisplayText.escapeHtml("<a href=\"x\">Tom & 'Jerry'</a>"))
                .isEqualTo("&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/a&gt;");
        assertThat(DisplayText.escapeHtml("plain")).isEqualTo("plain");
    }

    @Test
    void displayDropsWhatCanNotBeSeenAndKeepsTabsAndLines() {
        assertThat(DisplayText.clean("e\u0301\tx\r\ny\rz\u0007\u202E\uD83D😀\u0000"))
                .isEqualTo("\u00E9\tx\ny\nz😀");
    }
}
