package dev.steward.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.steward.base.Role;
import dev.steward.base.Secret;
import dev.steward.config.Home;
import dev.steward.database.Transactions;
import dev.steward.http.EgressConfig;
import dev.steward.http.HttpModule;
import dev.steward.resilience.BreakerConfig;
import dev.steward.resilience.ResilienceConfig;
import dev.steward.resilience.ResilienceModule;
import dev.steward.secrets.SecretSeal;
import dev.steward.secrets.SecretsModule;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;

class ModelDeskIT {

    private static final String BACKENDS = "/api/v1/backends";
    private static final String CHAIN = "/api/v1/models/chain";
    private static final String KEY = "sk-nobody-may-see-this";

    @TempDir
    private static Path home;

    private static FaultyModelServer first;
    private static FaultyModelServer second;
    private static ApiFixture api;
    private static TestUser admin;

    @BeforeAll
    static void start() throws IOException {
        first = FaultyModelServer.start();
        second = FaultyModelServer.start();
        api = ApiFixture.with(
                Map.of(
                        Home.class,
                        new Home(home),
                        EgressConfig.class,
                        new EgressConfig(List.of()),
                        ResilienceConfig.class,
                        new ResilienceConfig(BreakerConfig.defaults(), ModelRig.NO_RETRY),
                        ModelsSettings.class,
                        ApiFixture.defaults(ModelsSettings.SECTION),
                        BackendsSettings.class,
                        new BackendsSettings(List.of(new BackendsSettings.Entry(
                                "file",
                                Backend.Kind.OLLAMA,
                                URI.create(first.url()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())))),
                HttpModule.class,
                ResilienceModule.class,
                SecretsModule.class,
                ModelsModule.class);
        admin = api.user(Role.ADMIN);
        Eventually.until(
                "the configured one is seen",
                () -> !api.bean(ModelGateway.class).served().isEmpty());
    }

    @AfterAll
    static void stop() {
        api.close();
        first.close();
        second.close();
    }

    @AfterEach
    void disconnect() {
        api.delete(BACKENDS + "/mine", admin);
        api.delete(CHAIN, admin);
    }

    private static String form(String kind, String url, String more) {
        return "{\"name\": \"mine\", \"kind\": \"" + kind + "\", \"url\": \"" + url + "\"" + more + "}";
    }

    private static String withKey() {
        return form("openai", second.openAiUrl(), ", \"api_key\": \"" + KEY + "\"");
    }

    private static Answer probe(String kind, String url) {
        return api.post(BACKENDS + "/test", admin, form(kind, url, ""));
    }

    private static List<String> names() {
        return api.get(BACKENDS, admin)
                .json()
                .path("items")
                .valueStream()
                .map(one -> one.path("name").asString(""))
                .toList();
    }

    private static List<String> chain() {
        return api.get(CHAIN, admin)
                .json()
                .path("models")
                .valueStream()
                .map(one -> one.asString(""))
                .toList();
    }

    @Test
    void aTryListsTheModelsAndKeepsNothing() {
        Answer tried = probe("ollama", second.url());

        assertThat(tried.status()).as(tried.body()).isEqualTo(200);
        assertThat(tried.json().path("answered").asBoolean(false)).isTrue();
        assertThat(tried.json().at("/models/0").asString("")).isEqualTo(FaultyModelServer.MODEL);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void everyFailureOfATryIsOneClearSentence() throws Exception {
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/page", exchange -> {
            byte[] body = "<html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        page.createContext("/locked", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        page.createContext("/empty", exchange -> {
            byte[] body = "{\"data\": []}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        page.start();
        String base = "http://127.0.0.1:" + page.getAddress().getPort();
        try {
            assertThat(problem("openai", base + "/page")).contains("OpenAI-compatible API?");
            assertThat(problem("openai", base + "/locked")).contains("refused the key", "Check the key");
            assertThat(problem("openai", base + "/empty")).contains("no model that can chat");
            assertThat(problem("ollama", base + "/none")).contains("nothing at the address", "Is this Ollama?");
        } finally {
            page.stop(0);
        }
        assertThat(problem("ollama", base)).contains("refused the connection", "ollama serve");
        assertThat(problem("openai", "http://no-such-host.invalid")).contains("address that nobody knows");
    }

    private static String problem(String kind, String url) {
        Answer tried = probe(kind, url);
        assertThat(tried.status()).as(tried.body()).isEqualTo(200);
        assertThat(tried.json().path("words").size())
                .as("phrases for other languages: " + tried.body())
                .isPositive();
        return tried.json().path("problem").asString("");
    }

    @Test
    void whatIsNoAddressIsRefusedWithItsField() {
        for (String url : List.of("", "ftp://a", "http://user:pass@a", "http://a?key=1", "http://a b")) {
            Answer refused = probe("openai", url);
            assertThat(refused.status()).as(url).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString("")).isEqualTo("url");
        }
    }

    @Test
    void theMetadataOfACloudIsNeverAsked() {
        for (String url : List.of("http://169.254.169.254", "http://[fd00:ec2::254]", "http://168.63.129.16")) {
            assertThat(problem("openai", url)).contains("metadata service");
            assertThat(api.post(BACKENDS, admin, form("openai", url, "")).status())
                    .isEqualTo(422);
        }
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aConnectedServerAnswersAtOnceAndItsKeyIsNeverShown() {
        Answer made = api.post(BACKENDS, admin, withKey());

        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.json().path("origin").asString("")).isEqualTo("connected");
        assertThat(made.json().path("key").asString("")).isEqualTo("stored");
        assertThat(made.json().path("available").asBoolean(false)).isTrue();
        assertThat(api.get("/api/v1/models", admin).body()).contains("mine/" + FaultyModelServer.MODEL);
        assertThat(made.body() + api.get(BACKENDS, admin).body()).doesNotContain(KEY);
        byte[] kept = api.postgres()
                .jdbc()
                .sql("select api_key from model_backend")
                .query(byte[].class)
                .single();
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain(KEY);
        assertThat(api.post(BACKENDS + "/mine/test", admin, "")
                        .json()
                        .path("answered")
                        .asBoolean(false))
                .isTrue();
        assertThat(second.heads()).anyMatch(head -> head.contains("Bearer " + KEY));
    }

    @Test
    void itIsThereAfterARestartWithItsKey() {
        api.post(BACKENDS, admin, withKey());

        Backends.Known again = restarted(new SecretSeal(home.resolve(SecretSeal.FILE)));

        assertThat(again.backend().apiKey().map(Secret::value)).contains(KEY);
        assertThat(again.backend().url()).isEqualTo(URI.create(second.url()));
    }

    @Test
    void withAnotherKeyFileItIsThereWithoutItsKey(@TempDir Path other) {
        api.post(BACKENDS, admin, withKey());

        assertThat(restarted(new SecretSeal(other.resolve(SecretSeal.FILE)))
                        .backend()
                        .apiKey())
                .isEmpty();
    }

    private static Backends.Known restarted(SecretSeal seal) {
        try (ModelRig rig = ModelRig.discovering(new Discovery(false, List.of(), Optional.empty()));
                var desk = new ModelDesk(
                        new ModelDeskStore(api.postgres().jdbc()),
                        seal,
                        rig.backends,
                        new ModelChains(),
                        List.of(),
                        rig.breakers,
                        new Transactions(api.bean(TransactionTemplate.class)))) {
            desk.start();
            return rig.backends.find("mine").orElseThrow();
        }
    }

    @Test
    void aNameIsTakenOnce() {
        api.post(BACKENDS, admin, withKey());
        for (String name : List.of("mine", "file", "embedded")) {
            Answer refused = api.post(BACKENDS, admin, withKey().replace("mine", name));
            assertThat(refused.status()).as(refused.body()).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString("")).isEqualTo("name");
        }
    }

    @Test
    void aRepeatWithTheSameKeyConnectsOnce() {
        Map<String, String> once = Map.of("Idempotency-Key", "11111111-2222-3333-4444-555555555555");

        Answer made = api.send("POST", BACKENDS, admin, once, withKey());
        Answer repeated = api.send("POST", BACKENDS, admin, once, withKey());

        assertThat(made.status()).isEqualTo(201);
        assertThat(repeated.status()).isEqualTo(201);
    }

    @Test
    void aStoredKeyIsNotSentToAnotherAddress() {
        api.post(BACKENDS, admin, withKey());

        Answer refused = api.patch(BACKENDS + "/mine", admin, "{\"url\": \"" + first.openAiUrl() + "\"}");
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.json().at("/errors/0/field").asString("")).isEqualTo("api_key");
        Answer tried = probe("openai", first.openAiUrl());
        assertThat(tried.json().path("answered").asBoolean(false)).isTrue();
        assertThat(first.heads()).noneMatch(head -> head.contains(KEY));

        Answer changed = api.patch(
                BACKENDS + "/mine", admin, "{\"url\": \"" + first.openAiUrl() + "\", \"api_key\": \"other\"}");
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(changed.json().path("url").asString("")).isEqualTo(first.url());
    }

    @Test
    void aChangeKeepsWhatItLeavesOut() {
        api.post(BACKENDS, admin, withKey());

        Answer changed = api.patch(BACKENDS + "/mine", admin, "{\"cost\": \"paid\", \"privacy\": \"remote\"}");

        assertThat(changed.json().path("cost").asString("")).isEqualTo("paid");
        assertThat(changed.json().path("key").asString("")).isEqualTo("stored");
        Answer without = api.patch(BACKENDS + "/mine", admin, "{\"api_key\": \"\"}");
        assertThat(without.json().path("key").asString("")).isEqualTo("none");
        assertThat(without.json().path("privacy").asString("")).isEqualTo("remote");
    }

    @Test
    void whatTheConfigurationNamesIsNotChangedHere() {
        assertThat(api.patch(BACKENDS + "/file", admin, "{\"cost\": \"paid\"}").status())
                .isEqualTo(409);
        assertThat(api.delete(BACKENDS + "/file", admin).status()).isEqualTo(409);
        assertThat(api.delete(BACKENDS + "/nobody", admin).status()).isEqualTo(404);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void theOrderIsSetAndReset() {
        api.post(BACKENDS, admin, form("openai", second.openAiUrl(), ", \"privacy\": \"remote\""));
        assertThat(chain()).containsExactly("file/mock-model");

        Answer set = api.put(CHAIN, admin, "{\"models\": [\"mine/mock-model\", \"file/mock-model\"]}");

        assertThat(set.status()).as(set.body()).isEqualTo(200);
        assertThat(set.json().path("source").asString("")).isEqualTo("stored");
        assertThat(api.bean(ModelGateway.class).defaultChain().getFirst().backend())
                .isEqualTo("mine");
        assertThat(api.delete(CHAIN, admin).json().path("source").asString("")).isEqualTo("automatic");
        assertThat(chain()).containsExactly("file/mock-model");
    }

    @Test
    void anOrderNamesServersThatThereAreEachModelOnce() {
        for (String models : List.of(
                "[]",
                "[\"nobody/x\"]",
                "[\"no-slash\"]",
                "[\"file/a\", \"file/a\"]",
                "[\"file/" + "x".repeat(400) + "\"]")) {
            Answer refused = api.put(CHAIN, admin, "{\"models\": " + models + "}");
            assertThat(refused.status()).as(refused.body()).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString("")).isEqualTo("models");
        }
    }

    @Test
    void aServerThatIsRemovedLeavesTheOrder() {
        api.post(BACKENDS, admin, withKey());
        api.put(CHAIN, admin, "{\"models\": [\"mine/a\", \"file/mock-model\", \"mine/b\"]}");

        assertThat(api.delete(BACKENDS + "/mine", admin).status()).isEqualTo(204);
        assertThat(chain()).containsExactly("file/mock-model");
        assertThat(names()).containsExactly("file");

        api.post(BACKENDS, admin, withKey());
        api.put(CHAIN, admin, "{\"models\": [\"mine/a\"]}");
        api.delete(BACKENDS + "/mine", admin);
        assertThat(api.get(CHAIN, admin).json().path("source").asString("")).isEqualTo("automatic");
    }

    @Test
    void whatAnotherNodeStoredCountsHereAfterTheNextRefresh() {
        api.postgres().jdbc().sql("""
                insert into model_backend (id, name, kind, url, privacy, cost)
                values (gen_random_uuid(), 'mine', 'OLLAMA', :url, 'LOCAL', 'FREE')
                """).param("url", second.url()).update();
        api.bean(ModelDesk.class).refresh();

        assertThat(names()).containsExactly("file", "mine");
    }
}
