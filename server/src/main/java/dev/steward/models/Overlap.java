package dev.steward.models;

import static java.util.Objects.requireNonNull;

/// Takes away what a continued answer repeats of the answer so far. Text is held back only as long as it may still be a
/// repetition. Used by one thread.
///
/// A repetition counts if it begins at the start of a word, so that a letter that happens to come twice stays.
final class Overlap {

    /// Longer repetitions are not looked for.
    static final int REPEATED_MAX = 4_096;

    /// Shorter repetitions are chance.
    static final int REPEATED_MIN = 3;

    private final String tail;
    private final StringBuilder held = new StringBuilder();
    private boolean over;

    /// @param said the answer so far
    /// @param look whether the backend is one that repeats at all; one that goes on by prefill does not
    Overlap(String said, boolean look) {
        requireNonNull(said, "said");
        tail = said.length() <= REPEATED_MAX ? said : said.substring(said.length() - REPEATED_MAX);
        over = !look || tail.isEmpty();
    }

    /// Takes the next text and returns what of it, and of what was held back, is new; may be empty.
    String add(String text) {
        if (over) {
            return text;
        }
        held.append(text);
        return mayBeRepetition() ? "" : end();
    }

    /// The answer is over: returns what is new of what was held back.
    String end() {
        if (over) {
            return "";
        }
        over = true;
        String fresh = held.substring(repeated());
        held.setLength(0);
        return fresh;
    }

    /// Whether everything held back stands in the tail with something after it.
    private boolean mayBeRepetition() {
        String now = held.toString();
        for (int at = tail.indexOf(now); at >= 0; at = tail.indexOf(now, at + 1)) {
            if (at + now.length() < tail.length() && wordBeginsAt(at)) {
                return true;
            }
        }
        return false;
    }

    /// How many characters at the beginning of what is held back are the end of the tail.
    private int repeated() {
        String now = held.toString();
        for (int length = Math.min(now.length(), tail.length()); length >= REPEATED_MIN; length--) {
            int at = tail.length() - length;
            if (wordBeginsAt(at) && tail.startsWith(now.substring(0, length), at)) {
                return length;
            }
        }
        return 0;
    }

    private boolean wordBeginsAt(int at) {
        return at == 0 || Character.isWhitespace(tail.charAt(at)) || Character.isWhitespace(tail.charAt(at - 1));
    }
}
