package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes the events of a backend that goes on with a begun stream look like the rest of that stream: the same id and
/// model, no second beginning, nothing repeated. Used by one thread.
final class RawRewriter {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Overlap overlap;
    private final JsonNode first;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    private final StringBuilder fresh = new StringBuilder();
    private String sentence;

    /// @param firstEvent the first document of the begun stream, if it was kept
    /// @param sentence   said once, in a comment line
    RawRewriter(byte @Nullable [] firstEvent, Overlap overlap, String sentence) {
        this.overlap = requireNonNull(overlap, "overlap");
        this.sentence = requireNonNull(sentence, "sentence");
        this.first = parse(firstEvent);
    }

    private static JsonNode parse(byte @Nullable [] event) {
        try {
            return event == null ? JSON.createObjectNode() : JSON.readTree(event);
        } catch (JacksonException _) {
            return JSON.createObjectNode();
        }
    }

    /// Rewrites whole events; the result may be empty.
    ///
    /// @throws JacksonException one of them is not JSON
    byte[] rewrite(byte[] events, int offset, int length) {
        out.reset();
        if (!sentence.isEmpty()) {
            write(": " + sentence.replace('\n', ' ') + "\n\n");
            sentence = "";
        }
        String text = new String(events, offset, length, StandardCharsets.UTF_8);
        text.lines()
                .filter(line -> line.startsWith("data:"))
                .forEach(line -> event(line.substring("data:".length()).strip()));
        return out.toByteArray();
    }

    /// The text that was passed on since the last call of this method.
    String takeSaid() {
        String taken = fresh.toString();
        fresh.setLength(0);
        return taken;
    }

    private void event(String data) {
        if (data.equals("[DONE]")) {
            rest();
            write("data: [DONE]\n\n");
            return;
        }
        ObjectNode document = (ObjectNode) JSON.readTree(data);
        for (String name : new String[] {"id", "created", "model"}) {
            if (first.has(name)) {
                document.set(name, first.path(name));
            }
        }
        JsonNode choice = document.path("choices").path(0);
        if (choice.path("delta") instanceof ObjectNode delta && !passes(delta, choice)) {
            return;
        }
        write("data: " + JSON.writeValueAsString(document) + "\n\n");
    }

    /// Takes out of a delta what is repeated; whether anything is left to say.
    private boolean passes(ObjectNode delta, JsonNode choice) {
        delta.remove("role");
        boolean finishes = choice.hasNonNull("finish_reason");
        String content = delta.path("content").asString("");
        if (!content.isEmpty()) {
            String added = overlap.add(content);
            fresh.append(added);
            delta.put("content", added);
        } else {
            delta.remove("content");
        }
        if (finishes) {
            rest();
        }
        boolean onlyEmptyText = delta.size() == 1
                && delta.has("content")
                && delta.path("content").asString("").isEmpty();
        return finishes || !(delta.isEmpty() || onlyEmptyText);
    }

    /// Says what was held back as a possible repetition and is none.
    private void rest() {
        String held = overlap.end();
        if (held.isEmpty()) {
            return;
        }
        fresh.append(held);
        ObjectNode document = JSON.createObjectNode();
        for (String name : new String[] {"id", "object", "created", "model"}) {
            if (first.has(name)) {
                document.set(name, first.path(name));
            }
        }
        ObjectNode choice = document.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("delta").put("content", held);
        choice.putNull("finish_reason");
        write("data: " + JSON.writeValueAsString(document) + "\n\n");
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
