package dev.steward.cli;

/// Takes out of a text what would drive the terminal instead of being read: escape sequences, the bell, overwriting.
final class Printable {

    private Printable() {}

    /// Keeps line ends and tabs.
    static String text(String text) {
        return clean(text, true);
    }

    /// On one line.
    static String line(String text) {
        return clean(text.replace('\n', ' ').replace('\t', ' '), false);
    }

    private static String clean(String text, boolean lines) {
        var clean = new StringBuilder(text.length());
        text.codePoints().filter(c -> shown(c, lines)).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /// Not: control characters, and the format characters that reorder what is read (Unicode TR 36, 3.1).
    private static boolean shown(int c, boolean lines) {
        if (c == '\n' || c == '\t') {
            return lines;
        }
        boolean reorders = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        return Character.getType(c) != Character.CONTROL && !reorders;
    }
}
