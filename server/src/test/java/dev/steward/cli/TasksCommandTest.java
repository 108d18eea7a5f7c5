package dev.steward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.config.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TasksCommandTest {

    private static final String ID = "01a1fe8d-ed48-7040-b648-bbbcf2a97109";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int steward(String... args) {
        var console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.of(
                        "HOME",
                        directory.toString(),
                        "STEWARD_HOME",
                        directory.resolve("home").toString(),
                        "STEWARD_URL",
                        server.url()),
                directory,
                new Platform("Linux", "me", directory.resolve("me")));
        return StewardCli.execute(console, args);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static String task(String description) {
        return """
                {"id": "%s", "status": "pending", "type": "noop", "created": "2026-01-01T00:00:00.000Z",
                 "waiting_for": 2, "unique_key": "tidy-monday", "description": "%s"}""".formatted(ID, description);
    }

    @Test
    void aListIsATableWithWhatEachTaskWaitsFor() {
        server.on(
                "/api/v1/tasks",
                FakeServer.json(200, "{\"items\": [" + task("Tidy\\u001b[2J up") + "], \"next_cursor\": \"c\"}"));

        assertThat(steward("tasks", "list", "--status", "pending")).isZero();

        assertThat(printed().lines().toList().getFirst()).startsWith("ID ").endsWith("WHAT");
        assertThat(printed().lines().toList().get(1))
                .startsWith(ID + "  pending")
                .endsWith("(waits for 2 tasks) Tidy[2J up");
        assertThat(said()).contains("There are more");
    }

    @Test
    void aListIsNarrowedToWhatFollowsATask() {
        server.on("/api/v1/tasks", FakeServer.json(200, "{\"items\": [], \"next_cursor\": null}"));

        assertThat(steward("tasks", "list", "--after", ID, "--batch", "b&c")).isZero();

        assertThat(server.asked)
                .singleElement()
                .extracting(FakeServer.Asked::query)
                .isEqualTo("limit=50&after=" + ID + "&batch=b%26c");
    }

    @Test
    void allOfAListComesPageByPageAsOneJsonObjectALine() {
        server.on(
                "/api/v1/tasks",
                FakeServer.json(200, "{\"items\": [" + task("one") + "], \"next_cursor\": \"c\"}"),
                FakeServer.json(200, "{\"items\": [" + task("two") + "], \"next_cursor\": null}"));

        assertThat(steward("tasks", "list", "--all", "--json")).isZero();

        assertThat(printed().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"id\":"));
        assertThat(said()).isEmpty();
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void csvIsPrintedAsTheServerWroteIt() {
        server.on("/api/v1/tasks", new FakeServer.Reply(200, "text/csv", "id,type\r\n1,\"'=1+1\"\r\n", false));

        assertThat(steward("tasks", "list", "--csv")).isZero();

        assertThat(printed()).isEqualTo("id,type\r\n1,\"'=1+1\"\r\n");
    }

    @Test
    void deadLettersTellWhatTheyDiedOf() {
        server.on("/api/v1/dlq", FakeServer.json(200, """
                {"items": [{"id": "%s", "fingerprint": "f1", "cause": "deadline", "error": {"code": "x", "message": "Too late."},
                  "waiting": 0, "original_task": {"type": "http"}},
                 {"id": "%s", "fingerprint": "f2", "cause": "poison", "error": {"code": "x", "message": "Gone."},
                  "waiting": 3, "original_task": {"type": "noop"}}], "next_cursor": null}""".formatted(ID, ID)));

        assertThat(steward("tasks", "dead-letters")).isZero();

        assertThat(printed()).contains(ID + "  http          deadline           f1                Too late.");
        assertThat(printed()).contains("f2                (holds up 3 tasks) Gone.");
    }

    @Test
    void oneTaskIsShownWithItsAttempts() {
        server.on("/api/v1/tasks/" + ID, FakeServer.json(200, task("Tidy up")));
        server.on("/api/v1/tasks/" + ID + "/attempts", FakeServer.json(200, """
                {"items": [{"number": 1, "outcome": "failed", "start": "a", "end": "b",
                  "error": {"code": "x", "message": "No luck."}}]}"""));

        server.on("/api/v1/tasks/" + ID + "/log", FakeServer.json(200, """
                {"items": [{"attempt": 1, "at": "c", "line": "Tried it."}]}"""));

        assertThat(steward("tasks", "show", ID)).isZero();

        assertThat(printed())
                .contains(
                        "description       Tidy up",
                        "unique_key        tidy-monday",
                        "attempt 1",
                        "failed, from a to b: No luck.",
                        "c attempt 1: Tried it.");
    }

    @Test
    void cancellingAndReplayingSayWhatBecameOfIt() {
        server.on("/api/v1/tasks/" + ID, FakeServer.json(200, "{\"status\": \"cancelled\"}"));
        server.on("/api/v1/dlq/" + ID + "/retry", FakeServer.json(200, "{}"));
        server.on("/api/v1/dlq/retry", FakeServer.json(200, "{\"matched\": 7, \"replayed\": 0}"));

        assertThat(steward("tasks", "cancel", ID)).isZero();
        assertThat(steward("tasks", "replay", ID, "--reason", "mended")).isZero();
        assertThat(steward("tasks", "replay", "--fingerprint", "f1", "--dry-run"))
                .isZero();

        assertThat(printed()).contains("Cancelled.", "Sent back.", "7 would be sent back.");
        assertThat(server.asked).extracting(FakeServer.Asked::method).containsExactly("DELETE", "POST", "POST");
        assertThat(server.asked.get(1).body()).isEqualTo("{\"reason\":\"mended\"}");
        assertThat(server.asked.get(2).body()).isEqualTo("{\"fingerprint\":\"f1\",\"dry_run\":true}");
    }

    @Test
    void aTypeIsPausedAndResumedWithTheReason() {
        server.on("/api/v1/task-types/http/pause", FakeServer.json(204, ""));
        server.on("/api/v1/task-types/all/resume", FakeServer.json(204, ""));

        assertThat(steward("tasks", "pause", "http", "--reason", "down")).isZero();
        assertThat(steward("tasks", "resume", "all")).isZero();

        assertThat(printed()).contains("http is paused.", "Every type starts again.");
        assertThat(server.asked.getFirst().body()).isEqualTo("{\"reason\":\"down\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cancel ../me|not a task's id",
                "show 17|not a task's id",
                "pause ../all|not a type",
                "replay|either one dead letter or --fingerprint",
                "replay " + ID + " --dry-run|for --fingerprint only",
                "list --limit 0|1 to 200",
                "list --json --csv|mutually exclusive",
                "lst|did you mean"
            })
    void wrongUsageIsToldInPlainWordsBeforeAnythingIsAsked(String args, String told) {
        String[] words = ("tasks " + args).split(" ");

        assertThat(steward(words)).isEqualTo(CliException.USAGE);

        assertThat(said()).containsIgnoringCase(told);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void aRefusalIsToldInTheServersWords() {
        server.on("/api/v1/tasks/" + ID, FakeServer.json(409, "{\"detail\": \"The task is over.\"}"));

        assertThat(steward("tasks", "cancel", ID)).isEqualTo(CliException.FAILED);

        assertThat(said()).isEqualTo("steward: The task is over.\n");
    }
}
