package dev.steward.assistant.input;

import java.text.Normalizer;

/// Makes text fit to be shown. Never used for what is stored.
public final class DisplayText {

    private DisplayText() {}

    /// Encodes text for the inside of an HTML element or a quoted attribute. Source: OWASP, rule 1 of XSS prevention.
    public static String escapeHtml(String text) {
        int i = 0;
        while (i < text.length() && entity(text.charAt(i)).isEmpty()) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        var out = new StringBuilder(text.length() + 32).append(text, 0, i);
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            String entity = entity(c);
            if (entity.isEmpty()) {
                out.append(c);
            } else {
                out.append(entity);
            }
        }
        return out.toString();
    }

    /// Composes characters (NFC), makes line ends one `\n`, and drops control characters but tab and line end, bidi
    /// overrides, and halves of surrogate pairs.
    public static String clean(String text) {
        String composed = Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
        var out = new StringBuilder(composed.length());
        for (int i = 0; i < composed.length(); ) {
            int c = composed.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\r') {
                if (i >= composed.length() || composed.charAt(i) != '\n') {
                    out.append('\n');
                }
            } else if (c == '\t' || c == '\n' || !dropped(c)) {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private static boolean dropped(int c) {
        return Character.isISOControl(c) || Characters.isBidiControl(c) || (c >= 0xD800 && c <= 0xDFFF);
    }

    private static String entity(char c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> "";
        };
    }
}
