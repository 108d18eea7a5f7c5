package dev.steward.assistant.input;

/// Single characters, as the checks see them.
final class Characters {

    private Characters() {}

    /// Embeddings and overrides (U+202A–202E): needed by no language since isolates exist, and used to disguise text.
    static boolean isBidiControl(int c) {
        return c >= 0x202A && c <= 0x202E;
    }

    /// Whether PostgreSQL can store it: no NUL, no half of a surrogate pair.
    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /// Whether a person would see anything.
    static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c > ' ' && c < 0x7F) {
                return true;
            }
            if (c > 0xA0 && !Character.isWhitespace(c) && !Character.isSpaceChar(c) && !isInvisible(c)) {
                return true;
            }
            i += Character.charCount(c);
        }
        return false;
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> true;
            default -> c == 0x3164 || c == 0x115F || c == 0x1160 || c == 0xFFA0 || c == 0x2800; // blank fillers
        };
    }
}
