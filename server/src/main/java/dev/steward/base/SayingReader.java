package dev.steward.base;

import dev.steward.base.Wording.Phrase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds in a plain English text the sayings that it is made of. Thread-safe.
final class SayingReader {

    /// Longer texts are not looked through.
    private static final int LENGTH_MAX = 2_000;

    /// More than Steward ever says at once.
    private static final int PHRASES_MAX = 40;

    /// What stands between two sayings, and after the last one.
    private static final Pattern GAP = Pattern.compile("[.;]? |[.;]?$");

    /// Values that people or systems name as they like, so that they may be several words.
    private static final Set<String> FREE = Set.of("directory", "file", "model", "name", "path");

    private static final List<Form> ONE_WORD = forms(false);

    private static final List<Form> SEVERAL_WORDS = forms(true);

    private SayingReader() {}

    /// What a text says, saying by saying; empty if any of it is said by no code.
    static List<Phrase> read(String text) {
        if (text.length() > LENGTH_MAX) {
            return List.of();
        }
        List<Phrase> phrases = new ArrayList<>();
        return read(text, 0, ONE_WORD, phrases) || read(text, 0, SEVERAL_WORDS, phrases)
                ? List.copyOf(phrases)
                : List.of();
    }

    private static boolean read(String text, int from, List<Form> forms, List<Phrase> into) {
        if (from == text.length()) {
            return !into.isEmpty();
        }
        for (Form form : into.size() < PHRASES_MAX ? forms : List.<Form>of()) {
            Matcher said = form.pattern.matcher(text).region(from, text.length());
            if (!said.lookingAt()) {
                continue;
            }
            into.add(form.phrase(said));
            Matcher gap = GAP.matcher(text).region(said.end(), text.length());
            if (gap.lookingAt() && read(text, gap.end(), forms, into)) {
                return true;
            }
            into.removeLast();
        }
        return false;
    }

    private static List<Form> forms(boolean severalWords) {
        return Stream.of(Saying.values())
                .filter(saying -> !saying.template().isEmpty())
                .map(saying -> Form.of(saying, severalWords))
                .toList();
    }

    /// How one saying looks.
    private record Form(Saying saying, Pattern pattern) {

        /// @param severalWords whether a free value may be several words, as few as will do; else each is one
        static Form of(Saying saying, boolean severalWords) {
            var form = new StringBuilder();
            int at = 0;
            for (String name : saying.names()) {
                int next = saying.template().indexOf("{" + name + "}", at);
                form.append(Pattern.quote(saying.template().substring(at, next)));
                if (name.equals("time")) {
                    form.append("(\\d+ (?:s|ms|min))");
                } else {
                    form.append(severalWords && FREE.contains(name) ? "((?:(?![.;:!?] ).){1,300}?)" : "(\\S+?)");
                }
                at = next + name.length() + 2;
            }
            form.append(Pattern.quote(saying.template().substring(at)))
                    .append(severalWords ? "(?:(?<=[.:!?])(?= )|(?=[.;] |[.;]?$))" : "(?=[.;]? |[.;]?$)");
            return new Form(saying, Pattern.compile(form.toString()));
        }

        Phrase phrase(Matcher said) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < saying.names().size(); i++) {
                String value = said.group(i + 1);
                values.put(saying.names().get(i), value.matches("\\d{1,18}") ? (Object) Long.valueOf(value) : value);
            }
            return new Phrase(saying, values);
        }
    }
}
