package dev.steward.models;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Bytes of server-sent events.
final class Events {

    private static final byte[][] FIELDS = {
        "event:".getBytes(StandardCharsets.US_ASCII),
        "id:".getBytes(StandardCharsets.US_ASCII),
        "retry:".getBytes(StandardCharsets.US_ASCII)
    };

    private static final byte[] READING = ": reading ".getBytes(StandardCharsets.US_ASCII);

    /// Longer than any two numbers of tokens.
    private static final int READING_MAX = 40;

    private Events() {}

    /// What the built-in model's door says of the prompt, in a comment such as `: reading 800 6000`.
    static Optional<AnswerEvent.Reading> reading(byte[] bytes, int from, int to) {
        if (to - from > READING_MAX || !startsWith(bytes, from, to, READING)) {
            return Optional.empty();
        }
        int start = from + READING.length;
        String[] numbers = new String(bytes, start, to - start, StandardCharsets.US_ASCII).split(" ", -1);
        boolean good = numbers.length == 2 && numbers[0].matches("\\d{1,9}") && numbers[1].matches("\\d{1,9}");
        return good
                ? Optional.of(new AnswerEvent.Reading(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])))
                : Optional.empty();
    }

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
