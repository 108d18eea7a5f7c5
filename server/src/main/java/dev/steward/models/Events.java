package dev.steward.models;

import java.nio.charset.StandardCharsets;

/// Bytes of server-sent events.
final class Events {

    private static final byte[][] FIELDS = {
        "event:".getBytes(StandardCharsets.US_ASCII),
        "id:".getBytes(StandardCharsets.US_ASCII),
        "retry:".getBytes(StandardCharsets.US_ASCII)
    };

    private Events() {}

    static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /// Whether a line is one of the fields that carry no token.
    static boolean isField(byte[] bytes, int from, int to) {
        for (byte[] field : FIELDS) {
            if (startsWith(bytes, from, to, field)) {
                return true;
            }
        }
        return false;
    }
}
