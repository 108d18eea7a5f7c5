package dev.steward.models;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.models.ModelException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The vectors of one backend as the OpenAI-compatible API tells them: one JSON document, checked to be whole, to have
/// a vector for each input, and to have them in the form that was asked for.
///
/// @param bytes  holds the document
/// @param length of the document
@SuppressWarnings("ArrayRecordComponent") // never compared
record EmbeddingReply(byte[] bytes, int length, Usage usage) {

    /// Most bytes of a backend's answer: two thousand vectors of a thousand numbers each.
    static final int BYTES_MAX = 32 << 20;

    /// More numbers than any model puts into a vector.
    private static final int DIMENSIONS_MAX = 65_536;

    private static final int BUFFER_FIRST = 16 * 1024;
    private static final JsonFactory JSON = new JsonFactory();

    /// A backend's answer as far as it was understood.
    ///
    /// @param asWanted whether every vector has the form that was asked for
    private record Parsed(List<float[]> vectors, Usage usage, boolean asWanted) {}

    /// Reads it all.
    static EmbeddingReply read(LiveCall call, EmbeddingCall asked) throws BackendFault, InterruptedException {
        byte[] bytes = new byte[BUFFER_FIRST];
        int filled = 0;
        try {
            // Not closed here: closing would read on to the end; the call ends it.
            InputStream in = call.wire().body();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes, filled, bytes.length - filled)) {
                filled += read;
                if (filled > BYTES_MAX) {
                    throw tooMuch();
                }
                if (filled == bytes.length) {
                    bytes = Arrays.copyOf(bytes, bytes.length * 2);
                }
            }
        } catch (IOException e) {
            throw call.failed(e);
        }
        return checked(call, asked, bytes, filled);
    }

    private static BackendFault tooMuch() {
        return new BackendFault(
                Kind.REFUSED,
                ErrorCode.INVALID_INPUT,
                "had more than " + (BYTES_MAX >> 20) + " MiB to say: ask for the vectors of fewer texts at once",
                "",
                null,
                null);
    }

    private static EmbeddingReply checked(LiveCall call, EmbeddingCall asked, byte[] bytes, int length)
            throws BackendFault {
        boolean ollama = call.backend().kind() == Backend.Kind.OLLAMA;
        Parsed parsed;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
            }
            parsed = new Reading(call, parser, asked.base64()).document(ollama ? "embeddings" : "data");
            if (parser.nextToken() != null) {
                throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
            }
        } catch (JacksonException | IllegalArgumentException _) {
            throw call.protocol(BackendFault.reason(Saying.BACKEND_NOT_JSON));
        }
        if (parsed.vectors.size() != asked.inputs()) {
            throw call.protocol("sent " + parsed.vectors.size() + " vectors for " + asked.inputs() + " inputs");
        }
        if (!ollama && parsed.asWanted) {
            return new EmbeddingReply(bytes, length, parsed.usage);
        }
        byte[] document = document(parsed, call.model(), asked.base64());
        return new EmbeddingReply(document, document.length, parsed.usage);
    }

    /// Reads either protocol's document: they differ in the name of the list and in what is around each vector.
    private record Reading(LiveCall call, JsonParser parser, boolean base64, List<float[]> vectors, boolean[] differs) {

        Reading(LiveCall call, JsonParser parser, boolean base64) {
            this(call, parser, base64, new ArrayList<>(), new boolean[1]);
        }

        Parsed document(String list) throws BackendFault {
            Usage usage = Usage.NONE;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (name.equals(list) && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        item();
                    }
                } else if (name.equals("error") && value != JsonToken.VALUE_NULL) {
                    throw call.errorInside(value == JsonToken.VALUE_STRING ? parser.getString() : "");
                } else if (name.equals("prompt_eval_count") && value == JsonToken.VALUE_NUMBER_INT) {
                    usage = new Usage(Math.max(0, parser.getValueAsInt()), 0);
                } else if (name.equals("usage")) {
                    Usage told = RawPlain.usage(parser, value);
                    usage = told == null ? usage : told;
                } else {
                    parser.skipChildren();
                }
            }
            return new Parsed(vectors, usage, !differs[0]);
        }

        /// A vector, or an object with one in its field `embedding`.
        private void item() throws BackendFault {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                vectors.add(vector());
                return;
            }
            int before = vectors.size();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                if (name.equals("embedding")) {
                    vectors.add(vector());
                } else {
                    parser.skipChildren();
                }
            }
            if (vectors.size() != before + 1) {
                throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
            }
        }

        private float[] vector() throws BackendFault {
            float[] vector;
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                differs[0] |= !base64;
                vector = floats(Base64.getDecoder().decode(parser.getString()));
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                differs[0] |= base64;
                vector = numbers();
            } else {
                throw call.protocol("sent something that is not a vector");
            }
            if (vector.length == 0) {
                throw call.protocol("sent a vector without a number in it");
            }
            return vector;
        }

        private float[] numbers() throws BackendFault {
            float[] numbers = new float[1_024];
            int count = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == null || !token.isNumeric() || count == DIMENSIONS_MAX) {
                    throw call.protocol("sent something that is not a vector");
                }
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, count * 2);
                }
                numbers[count++] = parser.getFloatValue();
            }
            return Arrays.copyOf(numbers, count);
        }
    }

    private static byte[] document(Parsed parsed, String model, boolean base64) {
        var out = new ByteArrayOutputStream(BUFFER_FIRST);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("object", "list");
            json.writeArrayPropertyStart("data");
            for (int i = 0; i < parsed.vectors.size(); i++) {
                json.writeStartObject();
                json.writeStringProperty("object", "embedding");
                json.writeNumberProperty("index", i);
                json.writeName("embedding");
                write(json, parsed.vectors.get(i), base64);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("model", model);
            json.writeObjectPropertyStart("usage");
            json.writeNumberProperty("prompt_tokens", parsed.usage.promptTokens());
            json.writeNumberProperty("total_tokens", parsed.usage.promptTokens());
            json.writeEndObject();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            json.writeString(Base64.getEncoder().encodeToString(bytes.array()));
            return;
        }
        json.writeStartArray();
        for (float number : vector) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    private static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }
}
