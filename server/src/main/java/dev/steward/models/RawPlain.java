package dev.steward.models;

import dev.steward.base.Saying;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// A plain answer of one backend: one JSON document, checked to be whole and to be an answer.
///
/// @param bytes  holds the document
/// @param length of the document
@SuppressWarnings("ArrayRecordComponent") // never compared
record RawPlain(byte[] bytes, int length, @Nullable Usage usage) {

    private static final int BUFFER_FIRST = 4 * 1024;

    /// A longer answer gets its room as it comes, whatever length it announces.
    private static final int ANNOUNCED_MAX = 64 * 1024;

    private static final JsonFactory PARSER = new JsonFactory();

    /// Reads it all.
    static RawPlain read(LiveCall call, ChatLimits limits) throws BackendFault, InterruptedException {
        try {
            // Not closed here: closing would read on to the end; the call ends it.
            InputStream in = call.wire().body();
            byte[] bytes = new byte[room(call.wire().length())];
            int filled = 0;
            while (true) {
                int read = in.read(bytes, filled, bytes.length - filled);
                if (read < 0) {
                    break;
                }
                filled += read;
                if (filled == bytes.length) {
                    if (filled > limits.plainBytesMax()) {
                        throw call.tooLong();
                    }
                    bytes = Arrays.copyOf(bytes, bytes.length * 2);
                }
            }
            return checked(call, bytes, filled);
        } catch (IOException e) {
            throw call.failed(e);
        }
    }

    /// One byte more than announced, so that the end is seen without asking for more room.
    private static int room(long announced) {
        return announced > 0 && announced < ANNOUNCED_MAX ? (int) announced + 1 : BUFFER_FIRST;
    }

    private static RawPlain checked(LiveCall call, byte[] bytes, int length) throws BackendFault {
        boolean choices = false;
        Usage usage = null;
        try (JsonParser parser = PARSER.createParser(ObjectReadContext.empty(), bytes, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "choices" -> {
                        choices = value == JsonToken.START_ARRAY;
                        parser.skipChildren();
                    }
                    case "error" -> {
                        if (value != JsonToken.VALUE_NULL) {
                            throw call.errorInside(ErrorBody.message(Arrays.copyOf(bytes, length)));
                        }
                    }
                    case "usage" -> usage = usage(parser, value);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
            }
        } catch (JacksonException _) {
            throw call.protocol(BackendFault.reason(Saying.BACKEND_NOT_JSON));
        }
        if (!choices) {
            throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
        }
        return new RawPlain(bytes, length, usage);
    }

    /// The tokens of the `usage` object that the parser stands at the beginning of; `null` if it is none.
    static @Nullable Usage usage(JsonParser parser, @Nullable JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        int prompt = 0;
        int completion = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken number = parser.nextToken();
            if (number == JsonToken.VALUE_NUMBER_INT && name.equals("prompt_tokens")) {
                prompt = Math.max(0, parser.getValueAsInt());
            } else if (number == JsonToken.VALUE_NUMBER_INT && name.equals("completion_tokens")) {
                completion = Math.max(0, parser.getValueAsInt());
            } else {
                parser.skipChildren();
            }
        }
        return new Usage(prompt, completion);
    }

    /// The tokens of a `usage` object; empty if it is none.
    static Optional<Usage> usage(JsonNode counts) {
        return counts.isObject()
                ? Optional.of(new Usage(
                        Math.max(0, counts.path("prompt_tokens").asInt(0)),
                        Math.max(0, counts.path("completion_tokens").asInt(0))))
                : Optional.empty();
    }
}
