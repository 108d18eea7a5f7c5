package dev.steward.gateway;

import dev.steward.assistant.agents.AgentsSettings;
import dev.steward.base.Role;
import dev.steward.config.Home;
import dev.steward.http.EgressConfig;
import dev.steward.http.HttpModule;
import dev.steward.models.Backend;
import dev.steward.models.BackendsSettings;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelsModule;
import dev.steward.models.ModelsSettings;
import dev.steward.resilience.BreakerConfig;
import dev.steward.resilience.Breakers;
import dev.steward.resilience.ResilienceConfig;
import dev.steward.resilience.ResilienceModule;
import dev.steward.resilience.RetryPolicy;
import dev.steward.secrets.SecretsModule;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import dev.steward.web.RatesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The door with two model servers behind it, `first` and `second`, which serve the same model, and a client that knows
/// the API only by its wire.
final class DoorRig implements AutoCloseable {

    static final String CHAT = "/v1/chat/completions";
    static final String MODEL = FaultyModelServer.MODEL;
    static final String EMBEDDINGS = "/v1/embeddings";
    static final String EMBEDDER = FaultyModelServer.EMBEDDER;

    /// Times of a patient client: nothing runs out unless a test is about that.
    static final ModelsSettings.Timeouts PATIENT = new ModelsSettings.Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(60));

    static final RetryPolicy NO_RETRY = new RetryPolicy(1, Duration.ZERO, 2, Duration.ZERO);
    static final RetryPolicy QUICK_RETRY = new RetryPolicy(3, Duration.ofMillis(2), 2, Duration.ofMillis(5));

    private static final JsonMapper JSON = JsonMapper.shared();

    final FaultyModelServer first;
    final FaultyModelServer second;
    final ApiFixture api;
    final TestUser user;

    private DoorRig(FaultyModelServer first, FaultyModelServer second, ApiFixture api) {
        this.first = first;
        this.second = second;
        this.api = api;
        this.user = api.user(Role.USER);
    }

    static DoorRig start(ModelsSettings.Timeouts timeouts, RetryPolicy retry, int modelPerSecond) {
        return start(timeouts, retry, modelPerSecond, Backend.Kind.OPENAI);
    }

    /// @param kind what both servers are asked as
    static DoorRig start(ModelsSettings.Timeouts timeouts, RetryPolicy retry, int modelPerSecond, Backend.Kind kind) {
        try {
            FaultyModelServer first = FaultyModelServer.start().embedder();
            FaultyModelServer second = FaultyModelServer.start().embedder();
            ApiFixture api = ApiFixture.with(
                    Map.of(
                            RatesConfig.class,
                            new RatesConfig(100_000, 100_000, 100_000, modelPerSecond),
                            AgentsSettings.class,
                            AgentsSettings.defaults(),
                            Home.class,
                            new Home(Files.createTempDirectory("steward-door")),
                            EgressConfig.class,
                            new EgressConfig(List.of()),
                            ResilienceConfig.class,
                            new ResilienceConfig(BreakerConfig.defaults(), retry),
                            ModelsSettings.class,
                            new ModelsSettings(
                                    List.of(),
                                    ApiFixture.defaults(ModelsSettings.SECTION).embedded(),
                                    timeouts),
                            BackendsSettings.class,
                            new BackendsSettings(List.of(entry("first", kind, first), entry("second", kind, second)))),
                    HttpModule.class,
                    ResilienceModule.class,
                    SecretsModule.class,
                    ModelsModule.class,
                    GatewayModule.class);
            var rig = new DoorRig(first, second, api);
            rig.looked();
            return rig;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BackendsSettings.Entry entry(String name, Backend.Kind kind, FaultyModelServer server) {
        return new BackendsSettings.Entry(
                name, kind, URI.create(server.url()), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private void looked() {
        Eventually.until(
                "both backends are seen",
                () -> api.bean(ModelGateway.class).embedders().size() == 2);
    }

    /// Healthy servers, closed breakers, counters at zero.
    void heal() {
        for (FaultyModelServer server : List.of(first, second)) {
            server.fault(ModelFault.NONE)
                    .latency(Duration.ZERO)
                    .firstToken(Duration.ZERO)
                    .chunkInterval(Duration.ZERO)
                    .chunks(8)
                    .vectorsAsNumbers(false)
                    .reset();
        }
        Breakers breakers = api.bean(Breakers.class);
        breakers.reset("backend_first");
        breakers.reset("backend_second");
        looked();
    }

    /// Has Steward look at both servers now, and not only in some seconds.
    void look() {
        TestUser admin = api.user(Role.ADMIN);
        for (String name : List.of("first", "second")) {
            api.post("/api/v1/backends/" + name + "/test", admin, "");
        }
    }

    Answer ask(String body) {
        return api.post(CHAT, user, body);
    }

    PlainCalls plainCalls() {
        return api.bean(PlainCalls.class);
    }

    /// A minimal request. The text makes it differ from others.
    static String plain(String model, String text) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    static String stream(String model, String text) {
        return "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}]}";
    }

    static String content(Answer answer) {
        return answer.json().at("/choices/0/message/content").asString("");
    }

    /// The `data` of each event, in order.
    static List<String> events(Answer answer) {
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    /// What the events of a stream say together.
    static String said(Answer answer) {
        return events(answer).stream()
                .filter(data -> !data.equals("[DONE]"))
                .map(data -> JSON.readTree(data).at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining());
    }

    static JsonNode lastEvent(Answer answer) {
        return JSON.readTree(events(answer).getLast());
    }

    /// Sends a request on a connection of its own, which the caller closes to hang up.
    Caller call(String body) {
        return call(CHAT, body);
    }

    Caller call(String path, String body) {
        try {
            return new Caller(api.uri(path), user, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Caller> calls(Stream<String> bodies) {
        List<Caller> callers = new ArrayList<>();
        bodies.forEach(body -> callers.add(call(body)));
        return callers;
    }

    @Override
    public void close() {
        api.close();
        first.close();
        second.close();
    }

    /// A client on a bare socket, which can go away at any moment.
    static final class Caller implements AutoCloseable {

        private final Socket socket;

        Caller(URI uri, TestUser user, String body) throws IOException {
            this(uri, user, body, body.getBytes(StandardCharsets.UTF_8).length);
        }

        /// @param length what the head says, whatever is sent
        Caller(URI uri, TestUser user, String body, int length) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
            socket.setSoTimeout((int) Eventually.WAIT_MAX.toMillis());
            String head = "POST " + uri.getPath() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                    + user.token() + "\r\nContent-Type: application/json\r\nContent-Length: " + length
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /// Reads until `text` has come; returns all that was read.
        String readUntil(String text) throws IOException {
            var read = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (read.indexOf(text) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("the connection ended after: " + read);
                }
                read.append((char) b);
            }
            return read.toString();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
