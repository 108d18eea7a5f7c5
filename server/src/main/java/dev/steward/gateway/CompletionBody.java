package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// A chat completion request as far as a gateway must understand it: the rest goes to the backend as it came.
///
/// @param bytes  the whole body, valid JSON with a `messages` array
/// @param model  what the client asked for
/// @param stream whether the answer comes as server-sent events
record CompletionBody(byte[] bytes, String model, boolean stream) {

    /// Deeper nesting than any real tool schema; stops stack and time attacks.
    private static final int DEPTH_MAX = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();

    CompletionBody {
        requireNonNull(bytes, "bytes");
        requireNonNull(model, "model");
    }

    /// Reads the top level of `bytes` in one pass.
    ///
    /// @throws StewardException `invalid_input` saying what would pass
    static CompletionBody parse(byte[] bytes) {
        String model = null;
        boolean stream = false;
        boolean messages = false;
        int seen = 0;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refused("The body must be a JSON object.");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                seen = once(seen, name);
                switch (name) {
                    case "model" -> model = text(parser, value);
                    case "stream" -> stream = flag(parser, value);
                    case "messages" -> {
                        messages = value == JsonToken.START_ARRAY;
                        parser.skipChildren();
                    }
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw refused("The body must be one JSON object with nothing after it.");
            }
        } catch (JacksonException e) {
            throw refused("The body is not valid JSON: " + firstLine(e.getOriginalMessage()));
        }
        if (model == null || model.isBlank()) {
            throw refused("`model` is missing: name a model of GET /v1/models, or steward/alpha.");
        }
        if (!messages) {
            throw refused("`messages` is missing: give an array with at least one message.");
        }
        return new CompletionBody(bytes, model, stream);
    }

    /// Refuses a second `model`, `stream` or `messages`: which one counts would be up to each reader of the body.
    private static int once(int seen, String name) {
        int bit =
                switch (name) {
                    case "model" -> 1;
                    case "stream" -> 2;
                    case "messages" -> 4;
                    default -> 0;
                };
        if ((seen & bit) != 0) {
            throw refused("`" + name + "` is given twice.");
        }
        return seen | bit;
    }

    private static String text(JsonParser parser, @Nullable JsonToken value) {
        if (value != JsonToken.VALUE_STRING) {
            throw refused("`model` must be a text.");
        }
        return parser.getString();
    }

    private static boolean flag(JsonParser parser, @Nullable JsonToken value) {
        if (value == JsonToken.VALUE_NULL) {
            return false;
        }
        if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
            throw refused("`stream` must be true or false.");
        }
        return parser.getBooleanValue();
    }

    private static StewardException refused(String message) {
        return new StewardException(ErrorCode.INVALID_INPUT, message);
    }

    private static String firstLine(@Nullable String text) {
        if (text == null) {
            return "it can't be read";
        }
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
