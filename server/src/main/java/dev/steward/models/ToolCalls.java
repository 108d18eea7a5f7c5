package dev.steward.models;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tools and their calls on the wire of both chat APIs, and the calls of an answer while it comes. Used by one thread.
final class ToolCalls {

    /// More calls in one answer are a fault of the model.
    private static final int CALLS_MAX = 128;

    private final List<Parts> calls = new ArrayList<>();

    /// One call; the OpenAI API sends it in pieces.
    private static final class Parts {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    /// Writes the tools of a request; nothing when there are none.
    static void offer(List<ChatTool> tools, ObjectNode body, JsonMapper json) {
        if (tools.isEmpty()) {
            return;
        }
        ArrayNode offered = body.putArray("tools");
        for (ChatTool tool : tools) {
            ObjectNode one = offered.addObject();
            one.put("type", "function");
            ObjectNode function = one.putObject("function");
            function.put("name", tool.name());
            function.put("description", tool.description());
            function.set("parameters", json.readTree(tool.parameters()));
        }
    }

    /// Takes what a piece of an answer brings of calls.
    ///
    /// @return how many characters came
    /// @throws BackendFault it is not a call, or one call too many
    int read(JsonNode pieces, LiveCall call) throws BackendFault {
        int chars = 0;
        for (JsonNode piece : pieces) {
            Parts parts = parts(piece, call);
            JsonNode function = piece.path("function");
            String id = piece.path("id").asString("");
            String name = function.path("name").asString("");
            JsonNode arguments = function.path("arguments");
            // Ollama gives the arguments as an object, the OpenAI API as pieces of its text.
            String text = arguments.isObject() ? arguments.toString() : arguments.asString("");
            parts.id = id.isEmpty() ? parts.id : id;
            parts.name = name.isEmpty() ? parts.name : name;
            parts.arguments.append(text);
            chars += id.length() + name.length() + text.length();
        }
        return chars;
    }

    private Parts parts(JsonNode piece, LiveCall call) throws BackendFault {
        OptionalInt index =
                piece.path("index").isInt() ? OptionalInt.of(piece.path("index").intValue()) : OptionalInt.empty();
        int place = index.orElse(calls.size());
        if (place < 0 || place > calls.size() || place >= CALLS_MAX) {
            throw call.protocol("sent a tool call that is none");
        }
        if (place == calls.size()) {
            calls.add(new Parts());
        }
        return calls.get(place);
    }

    /// All calls, whole; known at the end of the answer.
    List<ToolCall> all() {
        List<ToolCall> all = new ArrayList<>(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            Parts parts = calls.get(i);
            // Ollama gives no ids.
            all.add(new ToolCall(
                    parts.id.isEmpty() ? "call_" + i : parts.id,
                    parts.name,
                    parts.arguments.isEmpty() ? "{}" : parts.arguments.toString()));
        }
        return all;
    }
}
