package dev.steward.web;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/// Checks that bytes hold JSON text that can be stored: strict UTF-8, no NUL character, no half of a surrogate
/// pair, whether written plainly or as an escape. Parsers let some of these through; PostgreSQL takes none.
///
/// Source: RFC 8259, sections 8.1 and 8.2.
final class JsonText {

    private static final int ESCAPE_LENGTH = 6;

    /// Longer paths are cut where they are told.
    private static final int FIELD_LENGTH_MAX = 200;

    private static final int REPLACEMENT = 0xFFFD;

    private static final JsonFactory PARSERS = new JsonFactory();

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
                    throw unstorable(bytes, i, "NUL characters");
                }
                boolean low = unit >= 0 && Character.isLowSurrogate((char) unit);
                if (low != (high >= 0 && high == i - ESCAPE_LENGTH)) {
                    throw unstorable(bytes, i, "halves of characters (lone surrogates)");
                }
                high = unit >= 0 && Character.isHighSurrogate((char) unit) ? i : -1;
                i += unit >= 0 ? ESCAPE_LENGTH - 1 : 1;
            } else if (high >= 0) {
                throw unstorable(bytes, high, "halves of characters (lone surrogates)");
            }
        }
    }

    /// The code unit of a `u` escape at `at`, or -1 when it is another escape or malformed, which the parser deals
    /// with.
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
    private static StewardException unstorable(byte[] bytes, int at, String what) {
        return StewardException.invalid(List.of(new FieldFault(fieldAt(bytes, at), "characters", "leave out " + what)));
    }

    /// The field whose name or value holds the byte at `at`, such as `steps[1].url`; `body` for what is in no field.
    private static String fieldAt(byte[] bytes, int at) {
        String field = "";
        try (JsonParser parser = PARSERS.createParser(ObjectReadContext.empty(), bytes)) {
            while (parser.nextToken() != null && parser.currentTokenLocation().getByteOffset() <= at) {
                field = path(parser.streamReadContext());
            }
        } catch (JacksonException _) {
            return "body";
        }
        return field.isEmpty() ? "body" : storable(field);
    }

    private static String path(@Nullable TokenStreamContext at) {
        if (at == null || at.inRoot()) {
            return "";
        }
        String outer = path(at.getParent());
        String path = at.inArray()
                ? outer + "[" + at.getCurrentIndex() + "]"
                : at.currentName() == null ? outer : outer + (outer.isEmpty() ? "" : ".") + at.currentName();
        return path.length() <= FIELD_LENGTH_MAX ? path : path.substring(0, FIELD_LENGTH_MAX);
    }

    /// The fault may be in a field's own name.
    private static String storable(String field) {
        return field.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static StewardException refused(String message) {
        return new StewardException(ErrorCode.INVALID_INPUT, message);
    }
}
