package dev.steward.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.steward.base.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    enum Kind {
        FIRST,
        SECOND_ONE
    }

    record Server(
            @Setting(value = "Host.", fallback = "127.0.0.1")
            String host,

            @Setting(value = "Port.", fallback = "8080") int port) {

        static final Section<Server> SECTION = new Section<>("http", Server.class);

        Server {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port must be 0 to 65535");
            }
        }
    }

    record Limits(
            @Setting(value = "First token.", fallback = "30000")
            Duration firstToken,

            @Setting("Whole.") Optional<Duration> whole) {}

    record Models(
            @Setting("Order.") List<String> chain,

            @Setting(value = "Allowed.", fallback = "[127.0.0.1/32, 10.0.0.0/8]")
            List<String> allow,

            @Setting("Limits.") Limits limits,
            @Setting(value = "Factor.", fallback = "2.5") double factor,
            @Setting(value = "On.", fallback = "true") boolean on,
            @Setting("A file.") Optional<Path> path,
            @Setting("Slots.") Optional<Integer> slots) {

        static final Section<Models> SECTION = new Section<>("models", Models.class);
    }

    record Backends(@Setting("Servers.") List<Entry> backends) {

        static final Section<Backends> SECTION = new Section<>("backends", Backends.class);

        record Entry(
                @Setting("Name.") String name,

                @Setting(value = "Kind.", fallback = "first")
                Kind kind,

                @Setting("Where.") URI url,
                @Setting("Key.") Optional<Secret> apiKey) {}
    }

    private final ConfigLoader loader = new ConfigLoader(List.of(Server.SECTION, Models.SECTION, Backends.SECTION));
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, ConfigSources.Flag> flags = new HashMap<>();

    @TempDir
    Path directory;

    @Test
    void nothingSetMeansTheFallbacks() {
        Configuration configuration = load();

        assertThat(configuration.get(Server.class)).isEqualTo(new Server("127.0.0.1", 8080));
        assertThat(configuration.get(Models.class))
                .isEqualTo(new Models(
                        List.of(),
                        List.of("127.0.0.1/32", "10.0.0.0/8"),
                        new Limits(Duration.ofSeconds(30), Optional.empty()),
                        2.5,
                        true,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(configuration.get(Backends.class).backends()).isEmpty();
        assertThat(configuration.get(RoleSettings.class).role()).isEqualTo(NodeRole.ALL);
        assertThat(configuration.home().path()).isEqualTo(directory.resolve("me/.local/share/steward"));
        assertThat(ConfigLoader.defaults(Server.SECTION)).isEqualTo(new Server("127.0.0.1", 8080));
    }

    @Test
    void theFileIsReadWithEveryType() throws IOException {
        write("""
                role: worker
                http: {port: 9000}
                models:
                  chain: [a/b, "c/d"]
                  limits:
                    first_token_ms: 5
                    whole_ms: 70
                  factor: 3
                  on: false
                  path: models/x.gguf
                  slots: 3
                backends:
                  - {name: one, kind: second_one, url: "http://127.0.0.1:1", api_key: 123}
                  - name: two
                    url: http://127.0.0.1:2
                """);

        Configuration configuration = load();

        assertThat(configuration.get(Server.class).port()).isEqualTo(9000);
        assertThat(configuration.get(Models.class).chain()).containsExactly("a/b", "c/d");
        assertThat(configuration.get(Models.class).limits())
                .isEqualTo(new Limits(Duration.ofMillis(5), Optional.of(Duration.ofMillis(70))));
        assertThat(configuration.get(Models.class).path()).contains(directory.resolve("models/x.gguf"));
        assertThat(configuration.get(Models.class).slots()).contains(3);
        assertThat(configuration.get(Backends.class).backends())
                .containsExactly(
                        new Backends.Entry(
                                "one",
                                Kind.SECOND_ONE,
                                URI.create("http://127.0.0.1:1"),
                                Optional.of(new Secret("123"))),
                        new Backends.Entry("two", Kind.FIRST, URI.create("http://127.0.0.1:2"), Optional.empty()));
        assertThat(configuration.get(RoleSettings.class).role()).isEqualTo(NodeRole.WORKER);
    }

    @Test
    void whatComesLaterWins() throws IOException {
        write("http: {host: a, port: 1}\nmodels: {chain: [x/y], factor: 1}");
        environment.put("STEWARD_HTTP_PORT", "2");
        environment.put("STEWARD_MODELS_CHAIN", "p/q, r/s");
        flags.put("http.port", new ConfigSources.Flag("--port", "3"));

        Configuration configuration = load();

        assertThat(configuration.get(Server.class)).isEqualTo(new Server("a", 3));
        assertThat(configuration.get(Models.class).chain()).containsExactly("p/q", "r/s");
        assertThat(configuration.settings())
                .contains(
                        new ResolvedSetting("http.host", "a", directory.resolve("steward.yaml") + ":1"),
                        new ResolvedSetting("http.port", "3", "--port"),
                        new ResolvedSetting("models.chain[1]", "r/s", "STEWARD_MODELS_CHAIN"),
                        new ResolvedSetting("models.on", "true", "default"));
    }

    @Test
    void listsOfGroupsComeFromNumberedVariablesOrFromJson() throws IOException {
        write("backends: [{name: one, url: 'http://one'}]");
        environment.put("STEWARD_BACKENDS_0_URL", "http://other");
        environment.put("STEWARD_BACKENDS_1_NAME", "two");
        environment.put("STEWARD_BACKENDS_1_URL", "http://two");
        assertThat(load().get(Backends.class).backends())
                .extracting(Backends.Entry::url)
                .containsExactly(URI.create("http://other"), URI.create("http://two"));

        environment.clear();
        environment.put("STEWARD_BACKENDS", "[{\"name\": \"j\", \"url\": \"http://json\"}]");
        assertThat(load().get(Backends.class).backends())
                .extracting(Backends.Entry::name)
                .containsExactly("j");
    }

    @Test
    void anItemOfAListNeedsTheOnesBeforeIt() {
        environment.put("STEWARD_BACKENDS_1_NAME", "two");

        assertThat(faults()).singleElement().asString().contains("STEWARD_BACKENDS_1_NAME", "item 0");
    }

    @Test
    void allFaultsAreFoundAtOnceEachWithItsPlace() throws IOException {
        write("""
                http:
                  prot: 1
                  port: many
                modles: {}
                models:
                  chain: oops
                  limits: 5
                  on: yes
                  factor: wide
                backends:
                  - name: [a]
                    kind: third
                    url: no scheme
                """);
        environment.put("STEWARD_ROLE", "boss");
        environment.put("STEWARD_HTTP_HOTS", "x");
        String file = directory.resolve("steward.yaml").toString();

        assertThat(faults())
                .extracting(ConfigFault::toString)
                .containsExactlyInAnyOrder(
                        "http.prot (" + file + ":2): unknown key. Did you mean port?",
                        "http.port (" + file + ":3): must be a whole number, not \"many\"",
                        "modles (" + file + ":4): unknown key. Did you mean models?",
                        "models.chain (" + file + ":6): must be a list, not a plain value",
                        "models.limits (" + file + ":7): must be a group of keys, not a plain value",
                        "models.on (" + file + ":8): must be true or false, not \"yes\"",
                        "models.factor (" + file + ":9): must be a number, not \"wide\"",
                        "backends[0].name (" + file + ":11): must be a text, not a list",
                        "backends[0].kind (" + file + ":12): must be one of first, second_one, not \"third\"",
                        "backends[0].url (" + file + ":13): must be an address such as http://127.0.0.1:11434, not"
                                + " \"no scheme\"",
                        "role (STEWARD_ROLE): must be one of all, api, worker, not \"boss\"",
                        "STEWARD_HTTP_HOTS: no setting has this variable. Did you mean STEWARD_HTTP_HOST?");
    }

    @Test
    void whatARecordRefusesIsShownBesideItsKey() {
        flags.put("http.port", new ConfigSources.Flag("--port", "70000"));

        assertThat(faults()).containsExactly(new ConfigFault("http", "--port", "port must be 0 to 65535"));
    }

    @Test
    void aMissingValueIsNamedWithItsMeaning() throws IOException {
        write("backends: [{name: one}]");

        assertThat(faults()).containsExactly(new ConfigFault("backends[0].url", "not set", "must be set: Where."));
    }

    @Test
    void aKeyWithoutAValueIsNotSet() throws IOException {
        write("home:\nhttp:\nmodels: {chain: , path: ''}");
        environment.put("STEWARD_HTTP_PORT", "");

        assertThat(load().get(Server.class).port()).isEqualTo(8080);
    }

    @Test
    void secretsAreNeverShown() throws IOException {
        write("""
                backends:
                  - {name: a, url: "http://me:hunter2@host/?api_key=hunter2", api_key: hunter2}
                """);
        Configuration configuration = load();
        assertThat(configuration.toString()).doesNotContain("api_key: hunter2");
        assertThat(configuration.settings().toString())
                .doesNotContain("hunter2")
                .contains("***");

        write("backends: [{name: a, url: 'ht tp://me:hunter2@host', api_key: [hunter2]}]");
        assertThat(faults().toString()).doesNotContain("hunter2");
    }

    @Test
    void aKeyThatStandsTwiceIsAFault() throws IOException {
        write("http: {port: 1}\nhttp: {port: 2}\n");

        assertThat(faults()).singleElement().asString().contains("steward.yaml:2", "second time");
    }

    @Test
    void brokenYamlIsAFaultWithItsLine() throws IOException {
        write("http:\n  port: [1\nrole: all\n");
        assertThat(faults()).first().asString().contains("steward.yaml:", "not valid YAML");

        write("- a\n- b\n");
        assertThat(faults()).singleElement().asString().contains("must be keys with values");

        write("http: !!java.net.URL [x]\n");
        assertThat(faults()).isNotEmpty();

        Files.write(directory.resolve("steward.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x20, (byte) 0x80});
        assertThat(faults()).isNotEmpty();
    }

    @Test
    void aliasesThatUnfoldIntoTooMuchAreRefused() throws IOException {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(3) + "*a" + (i - 1)));
        }
        write(bomb.toString());
        assertThat(faults()).first().asString().contains("steward.yaml");

        write("a: &a [*a]\n");
        assertThat(faults()).isNotEmpty();
    }

    @Test
    void aNamedFileMustExist() {
        var sources = new ConfigSources(Optional.of(Path.of("other.yaml")), directory, Map.of(), Map.of(), platform());

        assertThat(((LoadResult.Refused) loader.load(sources)).faults())
                .singleElement()
                .asString()
                .contains("other.yaml", "no such file");
    }

    @Test
    void theFileInTheHomeIsReadWhenTheWorkingDirectoryHasNone() throws IOException {
        Path home = Files.createDirectories(directory.resolve("data"));
        Files.writeString(home.resolve("steward.yaml"), "http: {port: 77}");
        environment.put("STEWARD_HOME", "data");

        assertThat(load().get(Server.class).port()).isEqualTo(77);
        assertThat(load().home().path()).isEqualTo(home);

        write("http: {port: 78}");
        assertThat(load().get(Server.class).port()).isEqualTo(78);
    }

    @Test
    void variablesThatKubernetesMakesForAServiceAreNotSettings() {
        environment.put("STEWARD_PORT", "tcp://10.0.0.1:8080");
        environment.put("STEWARD_PORT_8080_TCP_ADDR", "10.0.0.1");
        environment.put("STEWARD_SERVICE_HOST", "10.0.0.1");

        assertThat(load().get(Server.class).port()).isEqualTo(8080);
    }

    @Test
    void aComponentWithoutASettingIsAMistakeOfOurs() {
        record Bare(String text) {}

        assertThatIllegalStateException()
                .isThrownBy(() -> new ConfigLoader(List.of(new Section<>("bare", Bare.class))))
                .withMessageContaining("no @Setting");
    }

    @Test
    void theDataDirectoryIsThePlatformsOwn() {
        Path me = Path.of("/home/me");
        assertThat(new Platform("Linux", "root", me).dataDirectory(Map.of())).isEqualTo(Path.of("/var/lib/steward"));
        assertThat(new Platform("Linux", "me", me).dataDirectory(Map.of("XDG_DATA_HOME", "/x")))
                .isEqualTo(Path.of("/x/steward"));
        assertThat(new Platform("Linux", "me", me).dataDirectory(Map.of("XDG_DATA_HOME", "relative")))
                .isEqualTo(Path.of("/home/me/.local/share/steward"));
        assertThat(new Platform("Mac OS X", "me", me).dataDirectory(Map.of()))
                .isEqualTo(Path.of("/home/me/Library/Application Support/Steward"));
    }

    private void write(String yaml) throws IOException {
        Files.writeString(directory.resolve("steward.yaml"), yaml);
    }

    private Configuration load() {
        return switch (loader.load(sources())) {
            case LoadResult.Loaded loaded -> loaded.configuration();
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.faults().toString());
        };
    }

    private List<ConfigFault> faults() {
        return switch (loader.load(sources())) {
            case LoadResult.Loaded loaded -> throw new AssertionError("no fault: " + loaded);
            case LoadResult.Refused refused -> refused.faults();
        };
    }

    private ConfigSources sources() {
        return new ConfigSources(Optional.empty(), directory, environment, flags, platform());
    }

    private Platform platform() {
        return new Platform("Linux", "me", directory.resolve("me"));
    }
}
