package dev.steward.web;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Checks that bytes hold JSON text that can be stored: strict UTF-8, no NUL character, no half of a surrogate
/// pair,
/// whether written plainly or as an escape. Parsers let some of these through; PostgreSQL takes none.
///
/// Source: RFC 8259, sections 8.1 and 8.2.
final class JsonText {

    private static final int ESCAPE_LENGTH = 6;

    private JsonText() {}

    /// @throws StewardException `invalid_input` (400) for bytes that are no text, `validation_error` (422) for
    ///     escapes of
    ///     what can't be kept
    static void check(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException _) {
            throw refused("The body is not valid UTF-8. Nothing was changed.");
        }
        int high = -1;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw refused("The body contains a NUL character. Nothing was changed.");
            }
            if (bytes[i] == '\\') {
                int unit = escaped(bytes, i);
                if (unit == 0) {
                    throw unstorable("NUL characters");
                }
                boolean low = unit >= 0 && Character.isLowSurrogate((char) unit);
                if (low != (high >= 0 && high == i - ESCAPE_LENGTH)) {
                    throw unstorable("halves of characters (lone surrogates)");
                }
                high = unit >= 0 && Character.isHighSurrogate((char) unit) ? i : -1;
                i += unit >= 0 ? ESCAPE_LENGTH - 1 : 1;
            } else if (high >= 0) {
                throw unstorable("halves of characters (lone surrogates)");
            }
        }
    }

    /// The code unit of a `u` escape at `at`, or -1 when it is another escape or malformed, which
    /// the
    /// parser deals with.
    private static int escaped(byte[] bytes, int at) {
        if (at + ESCAPE_LENGTH > bytes.length || bytes[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE_LENGTH; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    /// It is JSON, but of a text that can't be kept.
    private static StewardException unstorable(String what) {
        return StewardException.invalid(
                List.of(new FieldFault("body", "control_character", "texts must not contain " + what)));
    }

    private static StewardException refused(String message) {
        return new StewardException(ErrorCode.INVALID_INPUT, message);
    }
}
