package dev.steward.testing;

import dev.steward.assistant.input.InputModule;
import dev.steward.assistant.input.InputSettings;
import dev.steward.base.IdSource;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.components.ComponentRegistry;
import dev.steward.config.ConfigLoader;
import dev.steward.config.Section;
import dev.steward.database.Peers;
import dev.steward.identity.AuthConfig;
import dev.steward.identity.IdentityModule;
import dev.steward.identity.TestAccounts;
import dev.steward.telemetry.TelemetryConfig;
import dev.steward.telemetry.TelemetryModule;
import dev.steward.web.HttpConfig;
import dev.steward.web.Json;
import dev.steward.web.RatesConfig;
import dev.steward.web.WebModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real web stack (`web`, `identity` and the modules under test) on a free port of 127.0.0.1, with a database
/// of its own, and a client for it.
///
/// ```java
/// @AutoClose
/// static final ApiFixture api = ApiFixture.start(TasksModule.class, TestBeans.class);
///
/// @Test
/// void …() {
///     Answer answer = api.post("/api/v1/tasks", api.user(Role.USER), """
///             {"type": "noop"}""");
/// ```
/// What the modules need besides clock, ids, components and database comes from configuration classes of the test
/// that are passed along, or from [#with].
public final class ApiFixture implements AutoCloseable {

    /// Nobody: no credential is sent.
    public static final TestUser ANONYMOUS = new TestUser(new UserId(new UUID(0, 0)), "", "");

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final @Nullable PostgresFixture postgres;
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final JsonMapper json = Json.mapper();
    private final URI base;
    private final AtomicInteger users = new AtomicInteger();

    private ApiFixture(@Nullable PostgresFixture postgres, ConfigurableApplicationContext context) {
        this.postgres = postgres;
        this.context = context;
        this.base = URI.create("http://127.0.0.1:" + port(context));
    }

    /// Starts the stack with further modules or configuration classes.
    public static ApiFixture start(Class<?>... modules) {
        return with(Map.of(), modules);
    }

    /// Starts the stack with further beans and modules; a bean of a type that the stack makes by default (settings,
    /// clock) takes its place.
    public static ApiFixture with(Map<Class<?>, Object> beans, Class<?>... modules) {
        PostgresFixture postgres = PostgresFixture.create();
        SpringApplication application = new SpringApplication(
                Stack.class, TelemetryModule.class, WebModule.class, InputModule.class, IdentityModule.class);
        application.addPrimarySources(List.of(modules));
        application.setRegisterShutdownHook(false);
        application.addInitializers(started -> {
            Map<Class<?>, Object> all = new HashMap<>(defaults(postgres));
            all.putAll(beans);
            all.forEach((type, bean) -> register((GenericApplicationContext) started, type, bean));
        });
        return new ApiFixture(postgres, application.run());
    }

    private static <T> void register(GenericApplicationContext context, Class<T> type, Object bean) {
        context.registerBean(type.getName(), type, () -> type.cast(bean));
    }

    private static Map<Class<?>, Object> defaults(PostgresFixture postgres) {
        InstantSource clock = InstantSource.system();
        var peers = new Peers(postgres.singles(), postgres.dataSource());
        peers.start();
        var transactionManager = new JdbcTransactionManager(postgres.dataSource());
        return Map.ofEntries(
                Map.entry(InstantSource.class, clock),
                Map.entry(IdSource.class, new IdSource(clock, new SecureRandom())),
                Map.entry(ComponentRegistry.class, new ComponentRegistry(clock)),
                Map.entry(DataSource.class, postgres.dataSource()),
                Map.entry(JdbcClient.class, postgres.jdbc()),
                Map.entry(Peers.class, peers),
                Map.entry(PlatformTransactionManager.class, transactionManager),
                Map.entry(TransactionTemplate.class, new TransactionTemplate(transactionManager)),
                Map.entry(TelemetryConfig.class, defaults(TelemetryConfig.SECTION)),
                Map.entry(HttpConfig.class, new HttpConfig("127.0.0.1", 0, List.of("127.0.0.1"), 10_000)),
                Map.entry(RatesConfig.class, new RatesConfig(100_000, 100_000, 100_000, 100_000)),
                Map.entry(InputSettings.class, InputSettings.defaults()),
                Map.entry(AuthConfig.class, defaults(AuthConfig.SECTION)));
    }

    /// A client for a server that the test built by itself, with a database of its own.
    public static ApiFixture over(ConfigurableApplicationContext context) {
        return new ApiFixture(null, context);
    }

    /// A section's record when nobody sets anything.
    public static <T extends Record> T defaults(Section<T> section) {
        return ConfigLoader.defaults(section);
    }

    public URI uri(String path) {
        return URI.create(base + path);
    }

    public PostgresFixture postgres() {
        return Objects.requireNonNull(postgres, "this server has its own database");
    }

    /// A bean of the running stack.
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /// A new account of this role, signed in.
    public TestUser user(Role role) {
        String email = "user" + users.incrementAndGet() + "@example.test";
        TestAccounts.Made made = TestAccounts.make(context, email, role);
        return new TestUser(made.id(), made.access(), email);
    }

    public Answer get(String path, TestUser user) {
        return send("GET", path, user, Map.of(), null);
    }

    public Answer post(String path, TestUser user, String body) {
        return send("POST", path, user, Map.of(), body);
    }

    public Answer put(String path, TestUser user, String body) {
        return send("PUT", path, user, Map.of(), body);
    }

    public Answer patch(String path, TestUser user, String body) {
        return send("PATCH", path, user, Map.of(), body);
    }

    public Answer delete(String path, TestUser user) {
        return send("DELETE", path, user, Map.of(), null);
    }

    /// Sends anything; a body is sent as JSON unless the headers say otherwise.
    public Answer send(String method, String path, TestUser user, Map<String, String> headers, @Nullable String body) {
        return sendBytes(method, path, user, headers, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends any bytes, also such as are no text.
    public Answer sendBytes(
            String method, String path, TestUser user, Map<String, String> headers, byte @Nullable [] body) {
        HttpResponse<byte[]> response =
                exchange(request(method, path, user, headers, body), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                response.headers().map(),
                new String(response.body(), StandardCharsets.UTF_8),
                json);
    }

    /// Opens a stream; the caller reads and closes it.
    public HttpResponse<InputStream> stream(String path, TestUser user, Map<String, String> headers) {
        return exchange(request("GET", path, user, headers, null), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpRequest request(
            String method, String path, TestUser user, Map<String, String> headers, byte @Nullable [] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(TIMEOUT)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        if (!user.token().isEmpty()) {
            request.setHeader("Authorization", "Bearer " + user.token());
        }
        headers.forEach(request::setHeader);
        return request.build();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new AssertionError(request + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(request + " was interrupted", e);
        }
    }

    private static int port(ConfigurableApplicationContext context) {
        if (context instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            return web.getWebServer().getPort();
        }
        throw new IllegalStateException("the stack has no web server");
    }

    @Override
    public void close() {
        http.shutdownNow();
        context.close();
        if (postgres != null) {
            postgres.close();
        }
    }

    /// An account made for a test. An empty token sends no credential.
    public record TestUser(UserId id, String token, String email) {

        /// The password of every such account.
        public String password() {
            return TestAccounts.PASSWORD;
        }

        /// The same account with another credential.
        public TestUser with(String otherToken) {
            return new TestUser(id, otherToken, email);
        }
    }

    /// What the server answered.
    public record Answer(int status, Map<String, List<String>> headers, String body, JsonMapper mapper) {

        public JsonNode json() {
            return mapper.readTree(body);
        }

        /// The first value of a header, or an empty text.
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Stack {}
}
