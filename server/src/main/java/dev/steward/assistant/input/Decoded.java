package dev.steward.assistant.input;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A text with the escapes undone that attackers hide behind: percent, HTML entities, JavaScript escapes, full-width
/// forms, over-long UTF-8.
///
/// @param text   the decoded text
/// @param origin where each of its characters began in the first text; one entry more, for the end
@SuppressWarnings("ArrayRecordComponent")
record Decoded(String text, int[] origin) {

    private static final int ENTITY_LENGTH_MAX = 12;

    /// Undoes one layer of escapes; null if there is none.
    static @Nullable Decoded of(String text, int @Nullable [] before) {
        int first = firstEscape(text);
        if (first < 0) {
            return null;
        }
        var out = new Builder(text.length());
        boolean changed = false;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            long found = i < first ? -1 : escape(text, i, c);
            int start = before == null ? i : before[i];
            if (found >= 0) {
                out.add((char) (found & 0xFFFF), start);
                i += (int) (found >>> 16);
                changed = true;
            } else {
                out.add(c, start);
                i++;
            }
        }
        return changed ? out.build(before == null ? text.length() : before[before.length - 1]) : null;
    }

    private static int firstEscape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '&' || c == '\\' || (c >= 0xFF01 && c <= 0xFF5E)) {
                return i;
            }
        }
        return -1;
    }

    /// The character in the low 16 bits and the length of its escape above; negative if there is none.
    private static long escape(String text, int i, char c) {
        return switch (c) {
            case '%' -> percent(text, i);
            case '&' -> entity(text, i);
            case '\\' -> backslash(text, i);
            default -> c >= 0xFF01 && c <= 0xFF5E ? found(c - 0xFEE0, 1) : -1;
        };
    }

    private static long percent(String text, int i) {
        if (i + 1 < text.length() && (text.charAt(i + 1) == 'u' || text.charAt(i + 1) == 'U')) {
            int code = hex(text, i + 2, 4);
            return code < 0 ? -1 : found(code == 0x2215 || code == 0x2216 ? '/' : code, 6);
        }
        int code = hex(text, i + 1, 2);
        if ((code == 0xC0 || code == 0xC1) && i + 5 < text.length() && text.charAt(i + 3) == '%') {
            int second = hex(text, i + 4, 2);
            return second < 0 ? -1 : found(((code & 1) << 6) | (second & 0x3F), 6);
        }
        return code < 0 || code > 0x7F ? -1 : found(code, 3);
    }

    private static long entity(String text, int i) {
        int end = Math.min(text.length(), i + ENTITY_LENGTH_MAX);
        if (i + 2 < text.length() && text.charAt(i + 1) == '#') {
            boolean hex = text.charAt(i + 2) == 'x' || text.charAt(i + 2) == 'X';
            int at = i + (hex ? 3 : 2);
            int begin = at;
            int code = 0;
            while (at < end && Character.digit(text.charAt(at), hex ? 16 : 10) >= 0) {
                code = Math.min(0xFFFF, code * (hex ? 16 : 10) + Character.digit(text.charAt(at), hex ? 16 : 10));
                at++;
            }
            if (at == begin) {
                return -1;
            }
            return found(code, at - i + (at < text.length() && text.charAt(at) == ';' ? 1 : 0));
        }
        for (Entity entity : Entity.ALL) {
            if (text.regionMatches(true, i + 1, entity.name, 0, entity.name.length())) {
                return found(entity.value, entity.name.length() + 1);
            }
        }
        return -1;
    }

    private record Entity(String name, char value) {
        private static final Entity[] ALL = {
            new Entity("lt;", '<'),
            new Entity("gt;", '>'),
            new Entity("quot;", '"'),
            new Entity("apos;", '\''),
            new Entity("colon;", ':'),
            new Entity("tab;", '\t'),
            new Entity("newline;", '\n'),
            new Entity("lpar;", '('),
            new Entity("rpar;", ')'),
            new Entity("sol;", '/'),
            new Entity("amp;", '&'),
        };
    }

    private static long backslash(String text, int i) {
        if (i + 1 >= text.length()) {
            return -1;
        }
        return switch (text.charAt(i + 1)) {
            case 'x' -> hexEscape(text, i, 2);
            case 'u' -> hexEscape(text, i, 4);
            default -> -1;
        };
    }

    private static long hexEscape(String text, int i, int digits) {
        int code = hex(text, i + 2, digits);
        return code < 0 ? -1 : found(code, 2 + digits);
    }

    private static long found(int code, int length) {
        return ((long) length << 16) | (code & 0xFFFF);
    }

    private static int hex(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private static final class Builder {
        private final StringBuilder out;
        private int[] origin;

        Builder(int length) {
            this.out = new StringBuilder(length);
            this.origin = new int[length + 1];
        }

        void add(char c, int start) {
            origin[out.length()] = start;
            out.append(c);
        }

        Decoded build(int end) {
            origin[out.length()] = end;
            origin = Arrays.copyOf(origin, out.length() + 1);
            return new Decoded(out.toString(), origin);
        }
    }
}
