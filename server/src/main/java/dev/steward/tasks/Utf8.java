package dev.steward.tasks;

import java.nio.charset.StandardCharsets;

/// Measures texts as they are stored.
final class Utf8 {

    /// Bytes that one UTF-16 unit takes at most.
    private static final int BYTES_PER_CHAR_MAX = 3;

    private Utf8() {}

    /// Whether it has more bytes than this; counts them only where its length leaves that open.
    static boolean longerThan(String text, int bytes) {
        return text.length() > bytes / BYTES_PER_CHAR_MAX && text.getBytes(StandardCharsets.UTF_8).length > bytes;
    }
}
