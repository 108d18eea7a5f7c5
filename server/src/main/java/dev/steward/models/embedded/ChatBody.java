package dev.steward.models.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The body of `POST /v1/chat/completions`, as far as the built-in model knows it. Fields that only tune other servers
/// are passed over, as those servers do; fields that change what the answer is, and can't be honoured, are refused.
record ChatBody(EngineRequest request, boolean stream, boolean includeUsage) {

    static final int MESSAGES_MAX = 1_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> SYSTEM_ROLES = Set.of("system", "developer");

    /// A body that can't be served; the message goes to the caller.
    static final class BadBodyException extends Exception {

        private static final long serialVersionUID = 1L;

        private final @Nullable String param;

        BadBodyException(@Nullable String param, String message) {
            super(message);
            this.param = param;
        }

        @Nullable String param() {
            return param;
        }
    }

    /// @param tokensMax for answers whose caller sets no limit
    static ChatBody parse(byte[] bytes, int tokensMax) throws BadBodyException {
        JsonNode body;
        try {
            body = JSON.readTree(bytes);
        } catch (JacksonException _) {
            throw new BadBodyException(null, "The body is not JSON.");
        }
        if (body == null || !body.isObject()) {
            throw new BadBodyException(null, "The body must be a JSON object.");
        }
        if (!body.path("tools").isMissingNode() && !body.path("tools").isEmpty()) {
            throw new BadBodyException("tools", "The built-in model can't call tools.");
        }
        if (body.path("n").asInt(1) != 1) {
            throw new BadBodyException("n", "The built-in model gives one answer.");
        }
        JsonNode tokens = present(body, "max_completion_tokens")
                .or(() -> present(body, "max_tokens"))
                .orElse(null);
        int max = tokens == null ? tokensMax : integer(tokens, "max_tokens", 1, Integer.MAX_VALUE);
        var request = new EngineRequest(
                messages(body.path("messages")),
                schema(body.path("response_format")),
                stop(body.path("stop")),
                max,
                number(body, "temperature", 0, 2, EngineRequest.TEMPERATURE_DEFAULT),
                number(body, "top_p", 0, 1, 0.95),
                present(body, "seed").map(JsonNode::asInt).orElse(null));
        return new ChatBody(
                request,
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false));
    }

    private static List<EngineRequest.Message> messages(JsonNode node) throws BadBodyException {
        if (!node.isArray() || node.isEmpty() || node.size() > MESSAGES_MAX) {
            throw new BadBodyException("messages", "messages must list 1 to " + MESSAGES_MAX + " messages.");
        }
        var messages = new ArrayList<EngineRequest.Message>();
        for (JsonNode message : node) {
            String role = message.path("role").asString("");
            if (SYSTEM_ROLES.contains(role)) {
                role = "system";
            } else if (!role.equals("user") && !role.equals(EngineRequest.Message.ASSISTANT)) {
                throw new BadBodyException("messages", "A message's role must be system, user or assistant.");
            }
            messages.add(new EngineRequest.Message(role, content(message.path("content"))));
        }
        if (messages.size() == 1 && messages.getFirst().role().equals(EngineRequest.Message.ASSISTANT)) {
            throw new BadBodyException("messages", "There must be a message before the assistant's.");
        }
        return messages;
    }

    /// Text, or a list of parts that are all text.
    private static String content(JsonNode content) throws BadBodyException {
        if (content.isString()) {
            return content.stringValue();
        }
        if (content.isArray()) {
            var text = new StringBuilder();
            for (JsonNode part : content) {
                if (!part.path("text").isString()) {
                    throw new BadBodyException("messages", "The built-in model reads text only.");
                }
                text.append(part.path("text").stringValue());
            }
            return text.toString();
        }
        throw new BadBodyException("messages", "A message's content must be text.");
    }

    private static @Nullable String schema(JsonNode format) throws BadBodyException {
        String type = format.path("type").asString("text");
        return switch (type) {
            case "text" -> null;
            case "json_object" -> "{\"type\":\"object\"}";
            case "json_schema" -> held(format.path("json_schema").path("schema"));
            default ->
                throw new BadBodyException(
                        "response_format", "response_format must be text, json_object or json_schema.");
        };
    }

    private static String held(JsonNode schema) throws BadBodyException {
        Optional<String> fault = SchemaGuard.fault(schema);
        if (fault.isPresent()) {
            throw new BadBodyException("response_format", fault.get() + ".");
        }
        return schema.toString();
    }

    private static List<String> stop(JsonNode stop) throws BadBodyException {
        List<JsonNode> words = stop.isString()
                ? List.of(stop)
                : stop.isArray() ? stop.valueStream().toList() : List.of();
        if (words.size() > EngineRequest.STOP_MAX
                || words.stream().anyMatch(w -> !w.isString() || w.stringValue().isEmpty())) {
            throw new BadBodyException("stop", "stop must be up to " + EngineRequest.STOP_MAX + " texts.");
        }
        return words.stream().map(JsonNode::stringValue).toList();
    }

    private static double number(JsonNode body, String name, double min, double max, double otherwise)
            throws BadBodyException {
        Optional<JsonNode> value = present(body, name);
        if (value.isEmpty()) {
            return otherwise;
        }
        double number = value.get().asDouble(Double.NaN);
        if (!value.get().isNumber() || !(number >= min && number <= max)) {
            throw new BadBodyException(name, name + " must be a number from " + min + " to " + max + ".");
        }
        return number;
    }

    private static int integer(JsonNode value, String name, int min, int max) throws BadBodyException {
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw new BadBodyException(name, name + " must be a whole number, at least " + min + ".");
        }
        return value.intValue();
    }

    private static Optional<JsonNode> present(JsonNode body, String name) {
        return Optional.ofNullable(body.get(name)).filter(v -> !v.isNull());
    }
}
