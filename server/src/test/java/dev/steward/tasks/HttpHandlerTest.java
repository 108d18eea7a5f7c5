package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.http.Egress;
import dev.steward.http.EgressConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpHandlerTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TaskId TASK = new TaskId(UUID.fromString("00000000-0000-7000-8000-000000000002"));

    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Egress egress = new Egress(new EgressConfig(List.of("127.0.0.1/32")));
    private final HttpHandler handler = new HttpHandler(JSON, egress);
    private volatile int status = 200;
    private volatile byte[] answer = "fine".getBytes(StandardCharsets.UTF_8);
    private HttpServer server;

    record Seen(String method, Map<String, String> headers, String body) {}

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            seen.add(new Seen(
                    exchange.getRequestMethod(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        egress.close();
    }

    @Test
    void theAnswerIsTheResult() throws Exception {
        JsonNode result = JSON.readTree(run(Map.of("method", "GET", "url", url())));

        assertThat(result.path("status").intValue()).isEqualTo(200);
        assertThat(result.path("body").stringValue()).isEqualTo("fine");
    }

    @Test
    void everyAttemptCarriesTheTasksIdAsIdempotencyKey() throws Exception {
        run(Map.of("method", "POST", "url", url(), "body", Map.of("a", 1), "headers", Map.of("X-Mine", "yes")));

        Seen request = seen.remove();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.body()).isEqualTo("{\"a\":1}");
        assertThat(request.headers())
                .containsEntry("idempotency-key", TASK.toString())
                .containsEntry("x-mine", "yes")
                .containsEntry("content-type", "application/json");
    }

    @Test
    void aHeaderThatIsGivenReplacesOurs() throws Exception {
        run(Map.of("method", "PUT", "url", url(), "body", "x", "headers", Map.of("idempotency-key", "own")));

        assertThat(seen.remove().headers()).containsEntry("idempotency-key", "own");
    }

    @Test
    void bytesThatAreNoTextComeBackAsBase64() throws Exception {
        answer = new byte[] {(byte) 0xff, 0, 1};

        assertThat(JSON.readTree(run(Map.of("method", "GET", "url", url())))
                        .path("body_base64")
                        .stringValue())
                .isEqualTo("/wAB");
    }

    @ParameterizedTest
    @CsvSource({
        "500, NETWORK_ERROR",
        "503, NETWORK_ERROR",
        "429, NETWORK_ERROR",
        "404, VALIDATION_ERROR",
        "302, VALIDATION_ERROR"
    })
    void onlyWhatMayPassIsTriedAgain(int given, ErrorCode code) {
        status = given;

        assertThatThrownBy(() -> run(Map.of("method", "GET", "url", url())))
                .isInstanceOfSatisfying(
                        StewardException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anAnswerThatIsTooLongFailsTheAttempt() {
        answer = new byte[64 * 1024 + 1];

        assertThatThrownBy(() -> run(Map.of("method", "GET", "url", url()))).hasMessageContaining("longer than 65536");
    }

    @Test
    void aPrivateAddressThatTheOperatorDidNotAllowIsNeverReached() {
        try (var closed = new Egress(new EgressConfig(List.of()))) {
            var guarded = new HttpHandler(JSON, closed);

            assertThatThrownBy(() -> guarded.run(attempt(Map.of("method", "GET", "url", url()))))
                    .isInstanceOfSatisfying(
                            StewardException.class,
                            e -> assertThat(e.code().recovery().retryable()).isFalse());
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void everyFaultOfAnInputIsNamed() {
        assertThat(fields(Map.of("methd", "GET"))).containsExactly("input.methd", "input.method", "input.url");
        assertThat(fields(Map.of("method", "GET", "url", "ftp://x/"))).containsExactly("input.url");
        assertThat(fields(Map.of("method", "TRACE", "url", "http://x/"))).containsExactly("input");
        assertThat(fields(Map.of("method", "GET", "url", "http://x/", "headers", Map.of("a", 1))))
                .containsExactly("input.headers");
        assertThat(fields(Map.of("method", "GET", "url", "http://x/", "headers", Map.of("Host", "y"))))
                .containsExactly("input");
        assertThat(fields(Map.of("method", "GET", "url", "https://example.org/a?b=c", "headers", Map.of("A", "b"))))
                .isEmpty();
    }

    private List<String> fields(Map<String, Object> input) {
        return handler.form().orElseThrow().faults(input).stream()
                .map(fault -> fault.field())
                .toList();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/x";
    }

    private String run(Map<String, Object> input) throws Exception {
        return handler.run(attempt(input));
    }

    private static TaskAttempt attempt(Map<String, Object> input) {
        return new TaskAttempt() {
            @Override
            public TaskId task() {
                return TASK;
            }

            @Override
            public UserId owner() {
                return TestWorker.OWNER;
            }

            @Override
            public String input() {
                return JSON.writeValueAsString(input);
            }

            @Override
            public int number() {
                return 1;
            }

            @Override
            public long fence() {
                return 1;
            }

            @Override
            public String correlation() {
                return "c";
            }

            @Override
            public boolean cancelled() {
                return false;
            }

            @Override
            public void progress(double done) {}

            @Override
            public void log(String line) {}
        };
    }
}
