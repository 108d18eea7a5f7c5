package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Ollama's own chat API: `POST /api/chat`, one JSON document per line. Source: docs/api.md of Ollama 0.17.
final class OllamaChat implements ChatClient {

    /// Enough for most conversations, and a gigabyte of memory or less with the models that people run at home.
    static final int CONTEXT_TOKENS_FIRST = 8_192;

    /// Room for an answer of unknown length.
    private static final int ANSWER_TOKENS = 1_024;

    private final JsonMapper json;
    private final ChatLimits limits;
    private final int contextTokensMax;
    private final Map<ModelRef, Integer> rooms = new ConcurrentHashMap<>();

    /// @param contextTokensMax the most context that is asked for
    OllamaChat(JsonMapper json, ChatLimits limits, int contextTokensMax) {
        this.contextTokensMax = contextTokensMax;
        this.json = requireNonNull(json, "json");
        this.limits = requireNonNull(limits, "limits");
    }

    @Override
    public String path() {
        return "/api/chat";
    }

    @Override
    public EgressBody body(Backend backend, Hop hop, ChatRequest request, String said) {
        ObjectNode body = json.createObjectNode();
        body.put("model", hop.ref().model());
        body.put("stream", true);
        // What has no room is an error, not a beginning that is dropped without a word. Old servers ignore both.
        body.put("truncate", false);
        body.put("shift", false);
        ArrayNode messages = body.putArray("messages");
        Continuing.messages(backend, request.messages(), said).forEach(message -> {
            ObjectNode one = messages.addObject();
            one.put("role", Continuing.role(message));
            one.put("content", message.content());
            message.answers().map(call -> called(request, call)).ifPresent(name -> one.put("tool_name", name));
            if (!message.calls().isEmpty()) {
                ArrayNode calls = one.putArray("tool_calls");
                message.calls().forEach(call -> {
                    ObjectNode function = calls.addObject().putObject("function");
                    function.put("name", call.name());
                    function.set("arguments", arguments(call));
                });
            }
        });
        ToolCalls.offer(request.tools(), body, json);
        request.jsonSchema().ifPresent(schema -> body.set("format", json.readTree(schema)));
        ObjectNode options = body.putObject("options");
        options.put("num_ctx", contextTokens(hop, request, said));
        request.maxTokens().ifPresent(most -> options.put("num_predict", most));
        request.temperature().ifPresent(value -> options.put("temperature", value));
        return EgressBody.of(json.writeValueAsBytes(body));
    }

    /// Ollama knows a result by its tool's name, not by the call's id.
    private static String called(ChatRequest request, String id) {
        return request.messages().stream()
                .flatMap(message -> message.calls().stream())
                .filter(call -> call.id().equals(id))
                .map(ToolCall::name)
                .findFirst()
                .orElse(id);
    }

    /// As an object, which Ollama wants; what the model wrote may have been none.
    private JsonNode arguments(ToolCall call) {
        try {
            JsonNode arguments = json.readTree(call.arguments());
            return arguments.isObject() ? arguments : json.createObjectNode();
        } catch (JacksonException _) {
            return json.createObjectNode();
        }
    }

    /// The room to ask for. Ollama loads a model anew when it changes, so it only ever grows, in large steps; and
    /// its own default is small.
    private int contextTokens(Hop hop, ChatRequest request, String said) {
        int most = hop.contextTokens().orElse(contextTokensMax);
        int tools = 0;
        for (ChatTool tool : request.tools()) {
            tools += Tokens.of(tool.name()) + Tokens.of(tool.description()) + Tokens.of(tool.parameters());
        }
        int needed = Tokens.of(request.messages())
                + tools
                + Tokens.of(said)
                + request.maxTokens().orElse(ANSWER_TOKENS);
        int step = CONTEXT_TOKENS_FIRST;
        while (step < needed && step < most) {
            step *= 2;
        }
        return rooms.merge(hop.ref(), Math.min(step, most), (before, now) -> Math.min(Math.max(before, now), most));
    }

    @Override
    public TokenStream open(LiveCall call) throws BackendFault, InterruptedException {
        call.send("application/x-ndjson", "application/json");
        try {
            return new Stream(call, new Lines(call.wire().body(), limits.eventBytesMax()));
        } catch (IOException e) {
            throw call.failed(e);
        }
    }

    private final class Stream implements TokenStream {

        private final LiveCall call;
        private final Lines lines;
        private final ToolCalls tools = new ToolCalls();
        private long chars;
        private boolean done;
        private Usage usage = Usage.NONE;
        private String finishReason = "stop";

        Stream(LiveCall call, Lines lines) {
            this.call = call;
            this.lines = lines;
        }

        @Override
        public Optional<String> next() throws BackendFault, InterruptedException {
            try {
                while (!done && lines.next()) {
                    if (lines.from() == lines.to()) {
                        continue;
                    }
                    String text = read(document());
                    if (!text.isEmpty()) {
                        return Optional.of(text);
                    }
                }
                if (!done) {
                    throw call.cutShort(null);
                }
                call.ending(OpenAiChat.END_MAX);
                if (lines.next()) {
                    throw call.protocol("went on after the end of its answer");
                }
                return Optional.empty();
            } catch (IOException e) {
                if (done) {
                    // The answer is whole; only the connection is not to be kept.
                    return Optional.empty();
                }
                throw call.failed(e);
            }
        }

        private JsonNode document() throws BackendFault {
            try {
                JsonNode document = json.readTree(lines.buffer(), lines.from(), lines.to() - lines.from());
                if (document.isObject()) {
                    return document;
                }
            } catch (JacksonException e) {
                throw new BackendFault(Kind.PROTOCOL, BackendFault.reason(Saying.BACKEND_NOT_JSON), "", e);
            }
            throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
        }

        private String read(JsonNode event) throws BackendFault {
            if (event.hasNonNull("error")) {
                throw call.errorInside(ErrorBody.message(event.path("error")));
            }
            if (!event.has("message") && !event.path("done").asBoolean(false)) {
                throw call.protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER));
            }
            String text = event.path("message").path("content").asString("");
            boolean thinking =
                    !event.path("message").path("thinking").asString("").isEmpty();
            int asked = tools.read(event.path("message").path("tool_calls"), call);
            if (!text.isEmpty() || asked > 0 || thinking) {
                call.token();
            }
            chars += text.length() + asked;
            if (chars > limits.answerCharsMax()) {
                throw call.tooLong();
            }
            if (event.path("done").asBoolean(false)) {
                done = true;
                usage = new Usage(
                        Math.max(0, event.path("prompt_eval_count").asInt(0)),
                        Math.max(0, event.path("eval_count").asInt(0)));
                finishReason = event.path("done_reason").asString("stop").equals("length")
                        ? "length"
                        : tools.all().isEmpty() ? "stop" : "tool_calls";
            }
            return text;
        }

        @Override
        public Usage usage() {
            return usage;
        }

        @Override
        public String finishReason() {
            return finishReason;
        }

        @Override
        public List<ToolCall> toolCalls() {
            return tools.all();
        }

        @Override
        public void close() {
            call.close();
        }
    }
}
