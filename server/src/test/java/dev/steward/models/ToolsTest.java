package dev.steward.models;

import static dev.steward.models.ModelRig.NO_RETRY;
import static dev.steward.models.ModelRig.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.steward.models.Backend.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a model may ask to be done, in the words of both chat APIs.
class ToolsTest {

    private static final ChatTool WEATHER = new ChatTool(
            "weather",
            "The weather at a place.",
            "{\"type\":\"object\",\"properties\":{\"place\":{\"type\":\"string\"}}}");

    private static final String OPENAI = """
            data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"place\\":"}}]}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"weather","arguments":"{\\"place\\":\\"Rome\\"}"}}]}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\\"Paris\\"}"}}]}}]}

            data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]

            """;

    private static final String OLLAMA = """
            {"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"weather","arguments":{"place":"Paris"}}}]},"done":false}
            {"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"weather","arguments":{"place":"Rome"}}}]},"done":false}
            {"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":5}
            """;

    private static ChatRequest question() {
        return ModelRig.question().offering(List.of(WEATHER));
    }

    /// A model server that gives one answer to every chat.
    private static final class Canned implements AutoCloseable {

        private final HttpServer server;
        private final AtomicReference<String> body = new AtomicReference<>("");

        Canned(Kind kind, String answer) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
            boolean ollama = kind == Kind.OLLAMA;
            server.createContext(ollama ? "/api/chat" : "/v1/chat/completions", exchange -> {
                try (exchange) {
                    body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders()
                            .set("Content-Type", ollama ? "application/x-ndjson" : "text/event-stream");
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
            });
            server.start();
        }

        Backend backend(Kind kind) {
            return new Backend(
                    "only",
                    kind,
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                    Optional.empty(),
                    Backend.Privacy.LOCAL,
                    Backend.Cost.FREE,
                    Backend.Continuation.PREFILL);
        }

        JsonNode sent() {
            return JsonMapper.shared().readTree(body.get());
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static AnswerEvent.Done ask(ModelRig rig, ChatRequest request) throws InterruptedException {
        try (Answer answer = rig.router.chat(USER, "", List.of(), request)) {
            while (true) {
                if (answer.next() instanceof AnswerEvent.Done done) {
                    return done;
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, call_a, call_b", "OLLAMA, call_0, call_1"})
    void toolsAreOfferedAndTheirCallsComeWhole(Kind kind, String first, String second) throws Exception {
        try (var server = new Canned(kind, kind == Kind.OLLAMA ? OLLAMA : OPENAI);
                ModelRig rig = ModelRig.of(NO_RETRY, server.backend(kind))) {
            AnswerEvent.Done done = ask(rig, question());

            assertThat(done.toolCalls())
                    .containsExactly(
                            new ToolCall(first, "weather", "{\"place\":\"Paris\"}"),
                            new ToolCall(second, "weather", "{\"place\":\"Rome\"}"));
            assertThat(done.finishReason()).isEqualTo("tool_calls");
            JsonNode offered = server.sent().at("/tools/0");
            assertThat(offered.path("type").asString()).isEqualTo("function");
            assertThat(offered.at("/function/name").asString()).isEqualTo("weather");
            assertThat(offered.at("/function/parameters/properties/place/type").asString())
                    .isEqualTo("string");
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENAI", "OLLAMA"})
    void callsAndTheirResultsAreToldInTheWordsOfEachApi(Kind kind) throws Exception {
        var call = new ToolCall("call_a", "weather", "{\"place\":\"Paris\"}");
        var asked = List.of(
                new ChatMessage(ChatMessage.Speaker.USER, "Is it warm in Paris?"),
                ChatMessage.calling("", List.of(call)),
                ChatMessage.result(call, "21 degrees"));
        try (var server = new Canned(kind, kind == Kind.OLLAMA ? OLLAMA : OPENAI);
                ModelRig rig = ModelRig.of(NO_RETRY, server.backend(kind))) {
            ask(rig, ChatRequest.of(asked).offering(List.of(WEATHER)));

            JsonNode calls = server.sent().at("/messages/1/tool_calls/0");
            JsonNode result = server.sent().at("/messages/2");
            assertThat(calls.at("/function/name").asString()).isEqualTo("weather");
            assertThat(result.path("role").asString()).isEqualTo("tool");
            assertThat(result.path("content").asString()).isEqualTo("21 degrees");
            if (kind == Kind.OLLAMA) {
                assertThat(calls.at("/function/arguments/place").asString()).isEqualTo("Paris");
                assertThat(result.path("tool_name").asString()).isEqualTo("weather");
            } else {
                assertThat(calls.path("id").asString()).isEqualTo("call_a");
                assertThat(calls.at("/function/arguments").asString()).isEqualTo("{\"place\":\"Paris\"}");
                assertThat(result.path("tool_call_id").asString()).isEqualTo("call_a");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "2000000000"})
    void aCallOutOfPlaceIsAFaultOfTheServer(String index) throws Exception {
        String answer = OPENAI.replaceFirst("\"index\":0", "\"index\":" + index);
        try (var server = new Canned(Kind.OPENAI, answer);
                ModelRig rig = ModelRig.of(NO_RETRY, server.backend(Kind.OPENAI))) {
            assertThatThrownBy(() -> ask(rig, question()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("tool call");
        }
    }

    @Test
    void onlyTheAssistantCallsAndOnlyAToolAnswers() {
        var call = new ToolCall("call_a", "weather", "{}");

        assertThatThrownBy(() -> new ChatMessage(ChatMessage.Speaker.USER, "", List.of(call), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChatMessage(ChatMessage.Speaker.TOOL, "21 degrees"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChatTool("two words", "", "{}")).isInstanceOf(IllegalArgumentException.class);
    }
}
