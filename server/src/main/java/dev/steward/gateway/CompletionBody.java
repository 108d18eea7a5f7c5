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
/// @param bytes        the whole body, one JSON object with a `messages` array
/// @param model        what the client asked for
/// @param modelFrom    where the value of `model` begins, its quotation mark included
/// @param modelTo      where that value ends, exclusive
/// @param messagesFrom the place after the opening bracket of `messages`
/// @param stream       whether the answer comes as server-sent events
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy of each body would only cost.
record CompletionBody(byte[] bytes, String model, int modelFrom, int modelTo, int messagesFrom, boolean stream) {

    /// Deeper nesting than any real tool schema; stops stack and time attacks.
    private static final int DEPTH_MAX = 100;

    static final JsonFactory JSON = JsonFactory.builder()
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
        var reading = new Reading();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refused("The body must be a JSON object.");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                reading.field(name, parser, parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw refused("The body must be one JSON object with nothing after it.");
            }
        } catch (JacksonException e) {
            throw refused("The body is not valid JSON: " + firstLine(e.getOriginalMessage()));
        }
        return reading.done(bytes);
    }

    /// What has been seen of the top level so far.
    private static final class Reading {

        private int seen;
        private @Nullable String model;
        private int modelFrom;
        private int modelTo;
        private int messagesFrom = -1;
        private boolean noMessages;
        private boolean stream;

        void field(String name, JsonParser parser, @Nullable JsonToken value) {
            switch (name) {
                case "model" -> model(parser, value);
                case "stream" -> stream(value);
                case "messages" -> messages(parser, value);
                default -> parser.skipChildren();
            }
        }

        private void model(JsonParser parser, @Nullable JsonToken value) {
            once(1, "model");
            if (value != JsonToken.VALUE_STRING) {
                throw refused("`model` must be a text.");
            }
            modelFrom = (int) parser.currentTokenLocation().getByteOffset();
            model = parser.getString();
            modelTo = (int) parser.currentLocation().getByteOffset();
        }

        private void stream(@Nullable JsonToken value) {
            once(2, "stream");
            if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE && value != JsonToken.VALUE_NULL) {
                throw refused("`stream` must be true or false.");
            }
            stream = value == JsonToken.VALUE_TRUE;
        }

        private void messages(JsonParser parser, @Nullable JsonToken value) {
            once(4, "messages");
            if (value != JsonToken.START_ARRAY) {
                throw refused("`messages` must be an array.");
            }
            messagesFrom = (int) parser.currentTokenLocation().getByteOffset() + 1;
            noMessages = parser.nextToken() == JsonToken.END_ARRAY;
            if (!noMessages) {
                int depth = 1;
                // The array's first token is read already: go on to the bracket that closes it.
                for (JsonToken token = parser.currentToken();
                        depth > 0;
                        token = depth > 0 ? parser.nextToken() : null) {
                    depth += token == null ? 0 : token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                }
            }
        }

        /// Refuses a second `model`, `stream` or `messages`: which one counts would be up to each reader of the body.
        private void once(int bit, String name) {
            if ((seen & bit) != 0) {
                throw refused("`" + name + "` is given twice.");
            }
            seen |= bit;
        }

        CompletionBody done(byte[] bytes) {
            if (model == null || model.isBlank()) {
                throw refused("`model` is missing: name a model of GET /v1/models, or steward/alpha.");
            }
            if (messagesFrom < 0 || noMessages) {
                throw refused("`messages` is missing: give an array with at least one message.");
            }
            return new CompletionBody(bytes, model, modelFrom, modelTo, messagesFrom, stream);
        }
    }

    /// The same request with `message`, one JSON object as text, in front of the others.
    CompletionBody withFirstMessage(byte[] message) {
        byte[] longer = new byte[bytes.length + message.length + 1];
        System.arraycopy(bytes, 0, longer, 0, messagesFrom);
        System.arraycopy(message, 0, longer, messagesFrom, message.length);
        longer[messagesFrom + message.length] = ',';
        System.arraycopy(bytes, messagesFrom, longer, messagesFrom + message.length + 1, bytes.length - messagesFrom);
        int shift = modelFrom > messagesFrom ? message.length + 1 : 0;
        return new CompletionBody(longer, model, modelFrom + shift, modelTo + shift, messagesFrom, stream);
    }

    static StewardException refused(String message) {
        return new StewardException(ErrorCode.INVALID_INPUT, message);
    }

    static String firstLine(@Nullable String text) {
        if (text == null) {
            return "it can't be read";
        }
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
