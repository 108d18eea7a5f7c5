package dev.steward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.config.Platform;
import dev.steward.testing.FreePort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StewardCliTest {

    private static final String CONVERSATIONS = "/api/v1/conversations";
    private static final String TURNS = "/api/v1/conversations/c1/turns";
    private static final String EVENTS = "/api/v1/turns/t1/events";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path directory;

    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        server.on(CONVERSATIONS, FakeServer.json(201, "{\"id\":\"c1\"}"));
        server.on(TURNS, FakeServer.json(202, "{\"turn\":{\"id\":\"t1\"},\"task_id\":\"k\"}"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void oneQuestionGetsItsAnswer() {
        server.on(EVENTS, FakeServer.events(token(1, "Hel") + token(2, "lo") + event(3, "completed", "{}")));

        int exit = steward("chat", "--url", server.url(), "Hi", "there");

        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Hello\n");
        assertThat(server.asked)
                .filteredOn(r -> r.path().equals(TURNS))
                .singleElement()
                .satisfies(r -> assertThat(r.body()).isEqualTo("{\"message\":\"Hi there\"}"));
    }

    @Test
    void aBrokenStreamGoesOnAfterTheLastEventThatWasSeen() {
        server.on(
                EVENTS,
                FakeServer.cutEvents(token(1, "one ") + token(2, "two ")),
                FakeServer.json(503, "{}"),
                FakeServer.events(token(2, "two ") + token(3, "three") + event(4, "completed", "{}")));

        assertThat(steward("chat", "--url", server.url(), "count")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one two three\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Interrupted", "continuing");
        assertThat(server.asked)
                .filteredOn(r -> r.path().equals(EVENTS))
                .extracting(FakeServer.Asked::lastEventId)
                .containsExactly("", "2", "2");
    }

    @Test
    void whatAResetVoidsIsNotInTheAnswer() {
        server.on(
                EVENTS,
                FakeServer.events(token(1, "good bad")
                        + event(2, "reset", "{\"offset\":5}")
                        + token(3, "better")
                        + event(4, "completed", "{}")));

        steward("chat", "--url", server.url(), "x");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("good better\n");
    }

    @Test
    void aFailoverIsOneLineBesideTheAnswer() {
        server.on(
                EVENTS,
                FakeServer.events(event(1, "recovery", "{\"message\":\"Answered by b because a timed out.\"}")
                        + token(2, "ok")
                        + event(3, "completed", "{}")));

        steward("chat", "--url", server.url(), "x");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ok\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Answered by b because a timed out.");
    }

    @Test
    void aFailedAnswerIsNeverPrintedAsAWholeOne() {
        server.on(
                EVENTS,
                FakeServer.events(token(1, "half") + event(2, "failed", "{\"problem\":{\"detail\":\"No model.\"}}")));

        assertThat(steward("chat", "--url", server.url(), "x")).isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("No model.");
    }

    @Test
    void aRequestThatIsSentAgainCarriesTheSameKey() throws IOException {
        try (var busy = new FakeServer()) {
            busy.on(CONVERSATIONS, FakeServer.json(503, "{}"), FakeServer.json(201, "{\"id\":\"c1\"}"));
            busy.on(TURNS, FakeServer.json(202, "{\"turn\":{\"id\":\"t1\"}}"));
            busy.on(EVENTS, FakeServer.events(event(1, "completed", "{}")));

            assertThat(steward("chat", "--url", busy.url(), "x")).isZero();

            assertThat(busy.asked)
                    .filteredOn(r -> r.path().equals(CONVERSATIONS))
                    .extracting(FakeServer.Asked::key)
                    .hasSize(2)
                    .doesNotContain("")
                    .matches(keys -> keys.get(0).equals(keys.get(1)));
        }
    }

    @Test
    void theQuestionMayComeFromAPipeAndTheTurnAsJson() {
        server.on(EVENTS, FakeServer.events(event(1, "completed", "{}")));
        server.on("/api/v1/turns/t1", FakeServer.json(200, "{\"id\":\"t1\",\"answer\":\"yes\"}"));

        assertThat(run("piped question", "chat", "--url", server.url(), "--json", "-"))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"t1\",\"answer\":\"yes\"}\n");
    }

    @Test
    void theLastConversationGoesOn() {
        server.on(EVENTS, FakeServer.events(event(1, "completed", "{}")));
        steward("chat", "--url", server.url(), "x");

        steward("chat", "--url", server.url(), "--continue", "y");

        assertThat(server.asked).filteredOn(r -> r.path().equals(CONVERSATIONS)).hasSize(1);
        assertThat(server.asked).filteredOn(r -> r.path().equals(TURNS)).hasSize(2);
    }

    @Test
    void withoutAServerItSaysHowToStartOne() {
        assertThat(steward("chat", "--url", "http://127.0.0.1:" + FreePort.choose(), "x"))
                .isEqualTo(69);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("steward run");
    }

    @Test
    void theServersOwnWordsExplainARefusal() throws IOException {
        try (var strict = new FakeServer()) {
            strict.on(CONVERSATIONS, FakeServer.json(422, "{\"detail\":\"agent: there is no agent omega\"}"));

            assertThat(steward("chat", "--url", strict.url(), "--agent", "omega", "x"))
                    .isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("steward: agent: there is no agent omega\n");
        }
    }

    @Test
    void whoIsNotSignedInIsToldHow() throws IOException {
        try (var closed = new FakeServer()) {
            closed.on(CONVERSATIONS, FakeServer.json(401, "{}"));

            assertThat(steward("chat", "--url", closed.url(), "x")).isEqualTo(77);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("steward login");
        }
    }

    @Test
    void signingInKeepsAKeyThatOnlyItsOwnerReadsAndSigningOutRevokesIt() throws IOException {
        server.on(
                "/api/v1/auth/login",
                FakeServer.json(200, "{\"access_token\":\"short\",\"user\":{\"role\":\"user\"}}"));
        server.on("/api/v1/auth/logout", FakeServer.json(204, ""));
        server.on("/api/v1/api-keys", FakeServer.json(201, "{\"id\":\"k1\",\"key\":\"stw_long\"}"));
        server.on("/api/v1/me", FakeServer.json(200, "{\"email\":\"me@example.org\"}"));
        server.on(EVENTS, FakeServer.events(event(1, "completed", "{}")));

        assertThat(run("me@example.org\nhunter2\n", "login", "--url", server.url()))
                .isZero();

        Path file = directory.resolve("me/.config/steward/credentials.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains("stw_long").doesNotContain("hunter2");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("stw_long");
        assertThat(server.asked)
                .filteredOn(r -> r.path().equals("/api/v1/api-keys"))
                .singleElement()
                .satisfies(r -> assertThat(r.body()).contains("[\"self\",\"read\",\"chat\"]"));

        steward("chat", "--url", server.url(), "x");
        assertThat(server.asked)
                .filteredOn(r -> r.path().equals(TURNS))
                .extracting(FakeServer.Asked::authorization)
                .containsExactly("Bearer stw_long");

        assertThat(steward("logout", "--url", server.url())).isZero();
        assertThat(server.asked)
                .last()
                .satisfies(r -> assertThat(r.method() + " " + r.path()).isEqualTo("DELETE /api/v1/api-keys/k1"));
        assertThat(new Credentials(directory.resolve("me/.config/steward")).find(URI.create(server.url() + "/")))
                .isEmpty();
    }

    @Test
    void theLocalKeyIsUsedForTheServerOfThisMachineOnly() throws IOException {
        server.on(EVENTS, FakeServer.events(event(1, "completed", "{}")));
        Path home = Files.createDirectories(directory.resolve("data"));
        Files.writeString(home.resolve("cli.token"), "stw_local\n");
        environment.put("STEWARD_HOME", home.toString());

        steward("chat", "--url", server.url(), "x");
        assertThat(server.asked).extracting(FakeServer.Asked::authorization).containsOnly("");

        server.asked.clear();
        environment.put(
                "STEWARD_HTTP_PORT", String.valueOf(URI.create(server.url()).getPort()));
        steward("chat", "x");
        assertThat(server.asked).extracting(FakeServer.Asked::authorization).containsOnly("Bearer stw_local");
    }

    @Test
    void theRunningServerIsFoundByItsDataDirectoryWhateverItsPort() throws IOException {
        server.on(EVENTS, FakeServer.events(event(1, "completed", "{}")));
        Path home = Files.createDirectories(directory.resolve("data"));
        Files.writeString(home.resolve("cli.token"), "stw_local\n");
        Files.writeString(home.resolve("server.url"), server.url() + "\n");

        steward("chat", "--home", home.toString(), "x");

        assertThat(server.asked).extracting(FakeServer.Asked::authorization).containsOnly("Bearer stw_local");
    }

    @Test
    void anAddressThatIsNoneIsAsGoodAsNoAddress() throws IOException {
        Path home = Files.createDirectories(directory.resolve("data"));
        Files.writeString(home.resolve("server.url"), "not an address\n");

        assertThat(dev.steward.ServerAddress.of(home)).isEmpty();
    }

    @Test
    void wrongUsageNamesWhatWasMeant() {
        assertThat(steward("caht")).isEqualTo(64);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("chat");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command :
                new String[] {"run", "chat", "tasks", "login", "logout", "config", "version", "completion"}) {
            assertThat(steward(command, "--help")).as(command).isZero();
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aFaultyConfigurationIsCheckedWithoutStarting() {
        environment.put("STEWARD_HTTP_PORT", "many");

        assertThat(steward("config", "check")).isEqualTo(78);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("http.port (STEWARD_HTTP_PORT)");

        environment.clear();
        assertThat(steward("config", "check")).isZero();
        assertThat(steward("config", "show")).isZero();
        assertThat(steward("version")).isZero();
    }

    private int steward(String... args) {
        return run("", args);
    }

    private int run(String input, String... args) {
        var console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                environment,
                directory,
                new Platform("Linux", "me", directory.resolve("me")));
        return StewardCli.execute(console, args);
    }

    private static String token(int id, String text) {
        return event(id, "token", "{\"text\":\"" + text + "\"}");
    }

    private static String event(int id, String name, String data) {
        return "id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }
}
