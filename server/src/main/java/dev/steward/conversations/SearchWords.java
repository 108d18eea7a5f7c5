package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What somebody looks for: words, each of which must be the beginning of a word of the text. They are taken from the
/// question just as the database takes them from a text (`steward_words` in V0081): without marks over letters, small,
/// without punctuation, each Han or Kana character by itself.
///
/// @param all in order; empty: nothing can be found
record SearchWords(List<String> all) {

    /// More words make nothing clearer, and each costs a look into the index.
    private static final int WORDS_MAX = 20;

    /// The index knows no more of a text.
    private static final int TEXT_CHARS_MAX = 100_000;

    private static final int BEFORE_CHARS = 40;
    private static final int EXCERPT_CHARS = 180;

    SearchWords {
        all = List.copyOf(all);
    }

    static SearchWords of(String question) {
        return new SearchWords(Stream.of(fold(question).text().split(" "))
                .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
                .distinct()
                .limit(WORDS_MAX)
                .toList());
    }

    /// The words as a `tsquery` for `to_tsquery`; no word has a quote or a backslash, which are punctuation.
    String query() {
        return all.stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & "));
    }

    /// The word that stands for an owner, as a `tsquery`.
    static String query(UserId owner) {
        return "'=" + owner.value().toString().replace("-", "") + "'";
    }

    /// The part of a text where it was found, on one line.
    ///
    /// @param marks where the words are in it
    record Excerpt(String text, List<Mark> marks) {

        Excerpt {
            requireNonNull(text, "text");
            marks = List.copyOf(marks);
        }
    }

    /// A found word, in UTF-16 units; `to` is exclusive.
    record Mark(int from, int to) {}

    /// Around the first place of the longest word, which says the most.
    Excerpt excerpt(String content) {
        Folded folded = fold(content.substring(0, Math.min(TEXT_CHARS_MAX, content.length())));
        List<Mark> found = marks(folded);
        int first = all.stream()
                .max(Comparator.comparingInt(String::length))
                .map(word -> (" " + folded.text()).indexOf(" " + word))
                .filter(at -> at >= 0)
                .map(at -> folded.from[at])
                .orElse(0);
        int from = wordStart(content, Math.max(0, first - BEFORE_CHARS));
        int to = wordEnd(content, Math.min(content.length(), from + EXCERPT_CHARS));
        String start = from > 0 ? "…" : "";
        String text = start + content.substring(from, to).replaceAll("\\s", " ") + (to < content.length() ? "…" : "");
        int shift = start.length() - from;
        return new Excerpt(
                text,
                found.stream()
                        .filter(mark -> mark.from() >= from && mark.to() <= to)
                        .map(mark -> new Mark(mark.from() + shift, mark.to() + shift))
                        .toList());
    }

    private List<Mark> marks(Folded folded) {
        String text = " " + folded.text();
        List<Mark> marks = new ArrayList<>();
        for (String word : all) {
            for (int at = text.indexOf(" " + word); at >= 0; at = text.indexOf(" " + word, at + 1)) {
                marks.add(new Mark(folded.from[at], folded.to[at + word.length() - 1]));
            }
        }
        marks.sort(Comparator.comparingInt(Mark::from));
        List<Mark> apart = new ArrayList<>();
        for (Mark mark : marks) {
            if (apart.isEmpty() || mark.from() >= apart.getLast().to()) {
                apart.add(mark);
            }
        }
        return apart;
    }

    private static int wordStart(String text, int near) {
        int space = near == 0 ? -1 : text.indexOf(' ', near);
        int from = space >= 0 && space < near + BEFORE_CHARS / 2 ? space + 1 : near;
        return from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from - 1 : from;
    }

    private static int wordEnd(String text, int near) {
        int space = near == text.length() ? -1 : text.lastIndexOf(' ', near);
        int to = space > Math.max(0, near - BEFORE_CHARS / 2) ? space : near;
        return to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? to + 1 : to;
    }

    /// A text as the index sees it, and for each of its characters where it came from.
    private static final class Folded {

        private final String text;
        private final int[] from;
        private final int[] to;

        Folded(String text, int[] from, int[] to) {
            this.text = text;
            this.from = from;
            this.to = to;
        }

        String text() {
            return text;
        }
    }

    private static Folded fold(String text) {
        var folded = new StringBuilder(text.length() + 16);
        var from = new ArrayList<int[]>();
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            int next = i + Character.charCount(point);
            String piece = point < 0x80
                    ? String.valueOf((char) point).toLowerCase(Locale.ROOT)
                    : Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKD)
                            .toLowerCase(Locale.ROOT);
            for (int k = 0; k < piece.length(); k++) {
                char c = piece.charAt(k);
                if (isMark(c)) {
                    continue;
                }
                if (isAlone(c)) {
                    put(folded, from, ' ', i, next);
                    put(folded, from, c, i, next);
                    put(folded, from, ' ', i, next);
                } else {
                    put(folded, from, isPunctuation(c) ? ' ' : c, i, next);
                }
            }
            i = next;
        }
        return new Folded(
                folded.toString(),
                from.stream().mapToInt(p -> p[0]).toArray(),
                from.stream().mapToInt(p -> p[1]).toArray());
    }

    private static void put(StringBuilder folded, List<int[]> from, char c, int start, int end) {
        folded.append(c);
        from.add(new int[] {start, end});
    }

    private static boolean isMark(char c) {
        return (c >= '\u0300' && c <= '\u036f') || c == '\u3099' || c == '\u309a';
    }

    private static boolean isPunctuation(char c) {
        return c <= '/'
                || (c >= ':' && c <= '@')
                || (c >= '[' && c <= '`')
                || (c >= '{' && c <= '\u00bf')
                || (c >= '\u2000' && c <= '\u206f')
                || (c >= '\u3000' && c <= '\u303f');
    }

    private static boolean isAlone(char c) {
        return (c >= '\u3040' && c <= '\u30ff')
                || (c >= '\u3400' && c <= '\u4dbf')
                || (c >= '\u4e00' && c <= '\u9fff')
                || (c >= '\uf900' && c <= '\ufaff');
    }
}
