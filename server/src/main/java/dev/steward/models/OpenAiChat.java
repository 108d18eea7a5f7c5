package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAI-compatible chat API: `POST /v1/chat/completions`, server-sent events of one `data` line each.
///
/// Tolerates servers that refuse `stream_options`: they are asked again without it, and from then on without it.
final class OpenAiChat implements ChatClient {

    /// After the last event the end of the body is waited for this long; then the connection is not kept.
    static final Duration END_MAX = Duration.ofMillis(100);

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final JsonMapper json;
    private final ChatLimits limits;
    private final Set<Backend> withoutStreamOptions = ConcurrentHashMap.newKeySet();

    OpenAiChat(JsonMapper json, ChatLimits limits) {
        this.json = requireNonNull(json, "json");
        this.limits = requireNonNull(limits, "limits");
    }

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    /// Remembers that this backend refuses `stream_options`; `false` if that was known.
    boolean refusesStreamOptions(Backend backend) {
        return withoutStreamOptions.add(backend);
    }

    @Override
    public EgressBody body(Backend backend, Hop hop, ChatRequest request, String said) {
        ObjectNode body = json.createObjectNode();
        body.put("model", hop.ref().model());
        body.put("stream", true);
        if (!withoutStreamOptions.contains(backend)) {
            body.putObject("stream_options").put("include_usage", true);
        }
        ArrayNode messages = body.putArray("messages");
        Continuing.messages(backend, request.messages(), said).forEach(message -> {
            ObjectNode one = messages.addObject();
            one.put("role", Continuing.role(message));
            one.put("content", message.content());
            message.answers().ifPresent(call -> one.put("tool_call_id", call));
            if (!message.calls().isEmpty()) {
                ArrayNode calls = one.putArray("tool_calls");
                message.calls().forEach(call -> calling(calls.addObject(), call));
            }
        });
        ToolCalls.offer(request.tools(), body, json);
        request.jsonSchema().ifPresent(schema -> {
            ObjectNode format = body.putObject("response_format");
            format.put("type", "json_schema");
            ObjectNode named = format.putObject("json_schema");
            named.put("name", "answer");
            named.put("strict", true);
            named.set("schema", json.readTree(schema));
        });
        request.maxTokens().ifPresent(most -> body.put("max_tokens", most));
        request.temperature().ifPresent(value -> body.put("temperature", value));
        return EgressBody.of(json.writeValueAsBytes(body));
    }

    private static void calling(ObjectNode one, ToolCall call) {
        one.put("id", call.id());
        one.put("type", "function");
        ObjectNode function = one.putObject("function");
        function.put("name", call.name());
        function.put("arguments", call.arguments());
    }

    @Override
    public TokenStream open(LiveCall call) throws BackendFault, InterruptedException {
        call.send("text/event-stream", "text/event-stream");
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
        private boolean finished;
        private Usage usage = Usage.NONE;
        private String finishReason = "stop";
        private AnswerEvent.Reading reading = new AnswerEvent.Reading(0, 0);

        Stream(LiveCall call, Lines lines) {
            this.call = call;
            this.lines = lines;
        }

        @Override
        public Optional<String> next() throws BackendFault, InterruptedException {
            try {
                while (!done && lines.next()) {
                    if (readsOn()) {
                        return Optional.of("");
                    }
                    String text = line();
                    if (!text.isEmpty()) {
                        return Optional.of(text);
                    }
                }
                if (!finished) {
                    throw call.cutShort(null);
                }
                call.ending(END_MAX);
                while (lines.next()) {
                    // Blank lines and comments after the end.
                }
                return Optional.empty();
            } catch (IOException e) {
                if (finished) {
                    // The answer is whole; only the connection is not to be kept.
                    return Optional.empty();
                }
                throw call.failed(e);
            }
        }

        /// Whether this line tells that the prompt makes progress.
        private boolean readsOn() {
            Optional<AnswerEvent.Reading> told = Events.reading(lines.buffer(), lines.from(), lines.to());
            told.ifPresent(now -> {
                reading = now;
                call.reading();
            });
            return told.isPresent();
        }

        @Override
        public AnswerEvent.Reading reading() {
            return reading;
        }

        /// Reads one line of the event stream (WHATWG HTML, section 9.2.6) and returns the text that it brings.
        private String line() throws BackendFault {
            byte[] bytes = lines.buffer();
            int from = lines.from();
            int to = lines.to();
            if (from == to || bytes[from] == ':') {
                return "";
            }
            if (!Events.startsWith(bytes, from, to, DATA)) {
                if (Events.isField(bytes, from, to)) {
                    return "";
                }
                throw call.protocol("sent something that is not an event stream");
            }
            from += DATA.length;
            if (from < to && bytes[from] == ' ') {
                from++;
            }
            if (Arrays.equals(bytes, from, to, DONE, 0, DONE.length)) {
                done = true;
                return "";
            }
            return read(document(bytes, from, to));
        }

        private JsonNode document(byte[] bytes, int from, int to) throws BackendFault {
            try {
                JsonNode document = json.readTree(bytes, from, to - from);
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
            JsonNode counts = event.path("usage");
            if (counts.isObject()) {
                usage = new Usage(
                        Math.max(0, counts.path("prompt_tokens").asInt(0)),
                        Math.max(0, counts.path("completion_tokens").asInt(0)));
            }
            JsonNode choice = event.path("choices").path(0);
            if (choice.hasNonNull("finish_reason")) {
                finished = true;
                finishReason = choice.path("finish_reason").asString("stop");
            }
            JsonNode delta = choice.path("delta");
            String text = delta.path("content").asString("");
            int asked = tools.read(delta.path("tool_calls"), call);
            if (!text.isEmpty() || asked > 0 || thinks(delta)) {
                call.token();
            }
            chars += text.length() + asked;
            if (chars > limits.answerCharsMax()) {
                throw call.tooLong();
            }
            return text;
        }

        private static boolean thinks(JsonNode delta) {
            return !delta.path("reasoning_content").asString("").isEmpty()
                    || !delta.path("reasoning").asString("").isEmpty();
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
