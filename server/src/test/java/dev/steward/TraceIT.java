package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A trace goes on through the server: from the request, through the queue, to the model (W3C Trace Context).
class TraceIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Map<String, String> CALLER = Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.USER);

    @Test
    void aQuestionInAConversationIsAskedOfTheModelWithinTheCallersTrace() {
        server.model().reset();
        String conversation =
                api.post("/api/v1/conversations", user, "{}").json().path("id").stringValue();

        api.send("POST", "/api/v1/conversations/" + conversation + "/turns", user, CALLER, """
                {"message": "What is the capital of France?"}""");

        assertTheModelSeesTheTrace();
    }

    @Test
    void aTaskIsPartOfTheTraceOfWhoeverAskedForIt() {
        server.model().reset();

        api.send("POST", "/api/v1/tasks", user, CALLER, """
                {"type": "prompt", "input": {"message": "What is the capital of France?"}}""");

        assertTheModelSeesTheTrace();
    }

    @Test
    void theOpenAiDoorPassesTheTraceOn() {
        for (boolean stream : List.of(false, true)) {
            server.model().reset();

            var answer = api.send("POST", "/v1/chat/completions", user, CALLER, """
                    {"model": "first/mock-model", "stream": %s, "messages": [{"role": "user", "content": "Hi"}]}""".formatted(stream));
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);

            assertTheModelSeesTheTrace();
        }
    }

    @Test
    void aMalformedTraceIsLeftAndANewOneBegun() {
        server.model().reset();

        api.send("POST", "/api/v1/tasks", user, Map.of("traceparent", "00-" + "0".repeat(32) + "-x-01"), """
                {"type": "prompt", "input": {"message": "What is the capital of France?"}}""");

        Eventually.passes(() -> assertThat(traceparents())
                .isNotEmpty()
                .allMatch(header -> header.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"))
                .noneMatch(header -> header.contains("0".repeat(32))));
    }

    private void assertTheModelSeesTheTrace() {
        Eventually.passes(() -> assertThat(traceparents())
                .isNotEmpty()
                .allMatch(header -> header.startsWith("00-" + TRACE + "-"))
                .noneMatch(header -> header.contains("00f067aa0ba902b7")));
    }

    private List<String> traceparents() {
        return server.model().heads().stream()
                .flatMap(String::lines)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("traceparent:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .toList();
    }
}
