package dev.steward.assistant.input;

import dev.steward.config.Section;
import dev.steward.config.Setting;

/// The settings of section `input`.
public record InputSettings(
        @Setting(value = "Refuse free text with signs of an attack instead of flagging it.", fallback = "false")
        boolean strict,

        @Setting(value = "Longest message in characters, 1 to 10000.", fallback = "10000")
        int messageCharsMax,

        @Setting(value = "Longest context of a request in characters, 1 to 50000.", fallback = "50000")
        int contextCharsMax) {

    /// Where it stands in the configuration.
    public static final Section<InputSettings> SECTION = new Section<>("input", InputSettings.class);

    /// Longest message that any setting allows.
    public static final int MESSAGE_CHARS_MAX = 10_000;

    /// Longest context that any setting allows.
    public static final int CONTEXT_CHARS_MAX = 50_000;

    public InputSettings {
        if (messageCharsMax < 1 || messageCharsMax > MESSAGE_CHARS_MAX) {
            throw new IllegalArgumentException("message_chars_max must be 1 to " + MESSAGE_CHARS_MAX);
        }
        if (contextCharsMax < 1 || contextCharsMax > CONTEXT_CHARS_MAX) {
            throw new IllegalArgumentException("context_chars_max must be 1 to " + CONTEXT_CHARS_MAX);
        }
    }

    /// Flags, 10,000 characters, 50,000 of context.
    public static InputSettings defaults() {
        return new InputSettings(false, MESSAGE_CHARS_MAX, CONTEXT_CHARS_MAX);
    }
}
