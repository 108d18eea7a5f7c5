package dev.steward.models;

import dev.steward.http.EgressBody;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is sent for a raw call: the caller's bytes with another model's name in them, or, to go on with a begun answer,
/// the caller's document with that answer added.
final class RawBody {

    private static final JsonMapper JSON = JsonMapper.shared();

    private RawBody() {}

    /// The caller's bytes, but for the model's name; nothing is copied.
    static EgressBody of(RawCall call, String model) {
        return of(call.body(), call.modelFrom(), call.modelTo(), model);
    }

    /// The caller's bytes, but for the model's name between `from` and `to`; nothing is copied.
    static EgressBody of(byte[] body, int from, int to, String model) {
        byte[] name = JSON.writeValueAsBytes(model);
        return new EgressBody() {
            @Override
            public long length() {
                return (long) body.length - (to - from) + name.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(body, 0, from);
                out.write(name);
                out.write(body, to, body.length - to);
            }
        };
    }

    /// The caller's document with what was said so far as the assistant's last message.
    static EgressBody continuing(RawCall call, Backend backend, String model, String said) {
        ObjectNode document = (ObjectNode) JSON.readTree(call.body());
        document.put("model", model);
        ArrayNode messages = (ArrayNode) document.path("messages");
        JsonNode last = messages.isEmpty() ? JSON.createObjectNode() : messages.get(messages.size() - 1);
        boolean begun = last.path("role").asString("").equals("assistant")
                && last.path("content").isString();
        ObjectNode answer = begun ? (ObjectNode) last : messages.addObject();
        answer.put("role", "assistant");
        answer.put("content", begun ? last.path("content").asString() + said : said);
        if (backend.continuation() == Backend.Continuation.INSTRUCTION) {
            ObjectNode instruction = messages.addObject();
            instruction.put("role", "user");
            instruction.put("content", Continuing.INSTRUCTION);
        }
        return EgressBody.of(JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8));
    }
}
