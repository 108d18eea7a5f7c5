package dev.steward.models;

import static java.util.Objects.requireNonNull;

/// Estimates of how many tokens a text has, for those who must decide before a model counts them.
public final class Tokens {

    /// What roles and separators of one message cost.
    private static final int MESSAGE = 4;

    private static final int ASCII_PER_TOKEN = 4;

    /// The first character that is written in three bytes: scripts before it (Latin with accents, Greek, Cyrillic,
    /// Hebrew, Arabic) share tokens, those after it (Chinese, Japanese, Korean, most of India's) hardly do.
    private static final char THREE_BYTES = 0x800;

    private Tokens() {}

    /// On the safe side: four ASCII characters a token, two of the scripts with two bytes a character, one of all
    /// others.
    public static int of(String text) {
        requireNonNull(text, "text");
        int ascii = 0;
        int twoBytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                ascii++;
            } else if (c < THREE_BYTES) {
                twoBytes++;
            }
        }
        return (ascii + ASCII_PER_TOKEN - 1) / ASCII_PER_TOKEN
                + (twoBytes + 1) / 2
                + (text.length() - ascii - twoBytes);
    }

    /// The same for messages, with what surrounds them.
    public static int of(Iterable<ChatMessage> messages) {
        int tokens = 0;
        for (ChatMessage message : messages) {
            tokens += MESSAGE + of(message.content());
            for (ToolCall call : message.calls()) {
                tokens += MESSAGE + of(call.name()) + of(call.arguments());
            }
        }
        return tokens;
    }
}
