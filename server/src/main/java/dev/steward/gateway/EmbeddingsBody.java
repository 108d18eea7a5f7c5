package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.StewardException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// A request for vectors as far as a gateway must understand it: the rest goes to the backend as it came.
///
/// @param bytes     the whole body, one JSON object with an `input`
/// @param model     what the client asked for
/// @param modelFrom where the value of `model` begins, its quotation mark included
/// @param modelTo   where that value ends, exclusive
/// @param inputs    how many vectors are asked for
/// @param texts     whether the input is text; otherwise the numbers of tokens
/// @param base64    whether `encoding_format` is `base64`; otherwise `float`
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy of each body would only cost.
record EmbeddingsBody(
        byte[] bytes, String model, int modelFrom, int modelTo, int inputs, boolean texts, boolean base64) {

    EmbeddingsBody {
        requireNonNull(bytes, "bytes");
        requireNonNull(model, "model");
    }

    /// Reads `bytes` in one pass.
    ///
    /// @throws StewardException `invalid_input` saying what would pass
    static EmbeddingsBody parse(byte[] bytes) {
        try (JsonParser parser = CompletionBody.JSON.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refused("The body must be a JSON object.");
            }
            var reading = new Reading(parser);
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                reading.field(name);
            }
            if (parser.nextToken() != null) {
                throw refused("The body must be one JSON object with nothing after it.");
            }
            return reading.done(bytes);
        } catch (JacksonException e) {
            throw refused("The body is not valid JSON: " + CompletionBody.firstLine(e.getOriginalMessage()));
        }
    }

    /// What has been seen of the body so far.
    private static final class Reading {

        private final JsonParser parser;
        private final Set<String> seen = new HashSet<>();
        private @Nullable String model;
        private int modelFrom;
        private int modelTo;
        private int inputs;
        private boolean texts = true;
        private boolean base64;

        Reading(JsonParser parser) {
            this.parser = parser;
        }

        void field(String name) {
            switch (name) {
                case "model" -> {
                    once(name);
                    model();
                }
                case "input" -> {
                    once(name);
                    input();
                }
                case "encoding_format" -> {
                    once(name);
                    base64 = base64();
                }
                case "dimensions" -> {
                    once(name);
                    dimensions();
                }
                default -> parser.skipChildren();
            }
        }

        /// Refuses a second one: which one counts would be up to each reader of the body.
        private void once(String name) {
            if (!seen.add(name)) {
                throw refused("`" + name + "` is given twice.");
            }
        }

        private void model() {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw refused("`model` must be a text.");
            }
            modelFrom = (int) parser.currentTokenLocation().getByteOffset();
            model = parser.getString();
            modelTo = (int) parser.currentLocation().getByteOffset();
        }

        private boolean base64() {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return false;
            }
            String format = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
            if (!format.equals("float") && !format.equals("base64")) {
                throw refused("`encoding_format` must be float or base64.");
            }
            return format.equals("base64");
        }

        private void dimensions() {
            boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() == JsonParser.NumberType.INT;
            if (parser.currentToken() != JsonToken.VALUE_NULL
                    && !(number && parser.getIntValue() >= 1 && parser.getIntValue() <= GatewayLimits.DIMENSIONS_MAX)) {
                throw refused("`dimensions` must be a whole number from 1 to " + GatewayLimits.DIMENSIONS_MAX + ".");
            }
        }

        /// A text, a list of texts, a list of numbers (the tokens of one text), or a list of such lists.
        private void input() {
            switch (parser.currentToken()) {
                case VALUE_STRING -> {
                    text();
                    inputs = 1;
                }
                case START_ARRAY -> list();
                case null, default -> throw wrongInput();
            }
        }

        private void list() {
            JsonToken kind = parser.nextToken();
            for (JsonToken token = kind; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token != kind) {
                    throw wrongInput();
                }
                switch (token) {
                    case VALUE_STRING -> text();
                    case VALUE_NUMBER_INT -> {}
                    case START_ARRAY -> tokens();
                    default -> throw wrongInput();
                }
                inputs++;
                if (token != JsonToken.VALUE_NUMBER_INT && inputs > GatewayLimits.INPUTS_MAX) {
                    throw refused("`input` may hold at most " + GatewayLimits.INPUTS_MAX + " texts at once.");
                }
            }
            if (inputs == 0) {
                throw refused("`input` is empty: give a text, or a list with at least one.");
            }
            texts = kind == JsonToken.VALUE_STRING;
            inputs = kind == JsonToken.VALUE_NUMBER_INT ? 1 : inputs;
        }

        private void tokens() {
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw wrongInput();
            }
            while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                // Only their being numbers matters here.
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw wrongInput();
            }
        }

        private void text() {
            if (parser.getString().isEmpty()) {
                throw refused("`input` holds an empty text, which has no vector.");
            }
        }

        private static StewardException wrongInput() {
            return refused("`input` must be a text, a list of texts, or lists of token numbers.");
        }

        EmbeddingsBody done(byte[] bytes) {
            if (model == null || model.isBlank()) {
                throw refused("`model` is missing: name a model of GET /v1/models that makes vectors.");
            }
            if (inputs == 0) {
                throw refused("`input` is missing: give a text, or a list of texts.");
            }
            return new EmbeddingsBody(bytes, model, modelFrom, modelTo, inputs, texts, base64);
        }
    }

    private static StewardException refused(String message) {
        return CompletionBody.refused(message);
    }
}
