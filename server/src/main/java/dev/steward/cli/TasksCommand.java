package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `steward tasks …`: looks after tasks and dead letters, by the server's API.
@Command(
        name = "tasks",
        description = "Look at tasks and dead letters, cancel and replay them, pause types of tasks.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples%n",
        footer = {
            "  steward tasks list --status running",
            "  steward tasks list --all --csv > tasks.csv",
            "  steward tasks dead-letters",
            "  steward tasks replay --fingerprint 367e12f912f91ab4 --dry-run",
            "  steward tasks pause http --reason \"the other side is down\""
        })
final class TasksCommand {

    private static final String TASKS = "api/v1/tasks";
    private static final String DEAD_LETTERS = "api/v1/dlq";
    private static final String TYPES = "api/v1/task-types";

    /// As many as one answer of the server has.
    private static final int PAGE = 200;

    private static final int SHOWN = 50;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Console console;

    TasksCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    /// How a list is printed, and how much of it.
    static final class ListOptions {

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many, 1 to 200 (default: ${DEFAULT-VALUE}).")
        private int limit = SHOWN;

        @Option(names = "--all", description = "All of them, however many.")
        private boolean all;

        @ArgGroup
        private @Nullable Form form;

        private static final class Form {

            @Option(names = "--json", description = "One JSON object a line, with every field.")
            private boolean json;

            @Option(names = "--csv", description = "CSV (RFC 4180) with a header, for spreadsheets.")
            private boolean csv;
        }

        private boolean json() {
            return form != null && form.json;
        }

        private boolean csv() {
            return form != null && form.csv;
        }

        private int page() {
            if (limit < 1 || limit > PAGE) {
                throw new CliException(CliException.USAGE, "--limit must be 1 to " + PAGE + "; for more: --all");
            }
            return all ? PAGE : limit;
        }
    }

    @Command(name = "list", description = "Your tasks, the newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin ServerOptions server,
            @Mixin ListOptions options,
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            description = "Only pending, running, completed, failed, cancelled or dead_letter ones.")
                    @Nullable String status,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only tasks of this type.") @Nullable String type,
            @Option(names = "--after", paramLabel = "ID", description = "Only those that follow this task.") @Nullable String after,
            @Option(names = "--batch", paramLabel = "ID", description = "Only those of this batch, its final one too.")
                    @Nullable String batch) {
        Map<String, String> filters = new LinkedHashMap<>();
        putIfGiven(filters, "status", status);
        putIfGiven(filters, "type", type);
        putIfGiven(filters, "after", after);
        putIfGiven(filters, "batch", batch);
        return print(server, TASKS, filters, options, "%-36s  %-11s  %-12s  %-24s  %s%n", TasksCommand::taskLine);
    }

    private static Object[] taskLine(JsonNode task) {
        if (task.isMissingNode()) {
            return new Object[] {"ID", "STATUS", "TYPE", "CREATED", "WHAT"};
        }
        String waits = tasks("(waits for %d %s) ", task.path("waiting_for").asLong(0));
        return new Object[] {
            text(task, "id"),
            text(task, "status"),
            text(task, "type"),
            text(task, "created"),
            waits + text(task, "description")
        };
    }

    /// So many tasks, in a sentence; none: nothing.
    private static String tasks(String sentence, long count) {
        return count == 0 ? "" : sentence.formatted(count, count == 1 ? "task" : "tasks");
    }

    @Command(
            name = "dead-letters",
            description = "Tasks that failed for good: yours, or for operators everybody's.",
            mixinStandardHelpOptions = true)
    int deadLetters(
            @Mixin ServerOptions server,
            @Mixin ListOptions options,
            @Option(names = "--fingerprint", paramLabel = "F", description = "Only those that died of the same.")
                    @Nullable String fingerprint,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only tasks of this type.") @Nullable String type) {
        Map<String, String> filters = new LinkedHashMap<>();
        putIfGiven(filters, "fingerprint", fingerprint);
        putIfGiven(filters, "type", type);
        return print(
                server, DEAD_LETTERS, filters, options, "%-36s  %-12s  %-17s  %-16s  %s%n", TasksCommand::deadLine);
    }

    private static Object[] deadLine(JsonNode dead) {
        return dead.isMissingNode()
                ? new Object[] {"ID", "TYPE", "CAUSE", "FINGERPRINT", "ERROR"}
                : new Object[] {
                    text(dead, "id"),
                    text(dead.path("original_task"), "type"),
                    text(dead, "cause"),
                    text(dead, "fingerprint"),
                    tasks("(holds up %d %s) ", dead.path("waiting").asLong(0)) + text(dead.path("error"), "message")
                };
    }

    @Command(
            name = "show",
            description = "One task with its attempts and what they told.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--json", description = "The task, its attempts and its log as JSON.") boolean json) {
        return with(server, client -> {
            JsonNode task = client.get(TASKS + "/" + id(id));
            JsonNode attempts = client.get(TASKS + "/" + id(id) + "/attempts").path("items");
            JsonNode log = client.get(TASKS + "/" + id(id) + "/log").path("items");
            if (json) {
                var all = JSON.createObjectNode();
                all.set("task", task);
                all.set("attempts", attempts);
                all.set("log", log);
                line(all.toString());
                return;
            }
            for (var field : task.properties()) {
                String value = field.getValue().isString()
                        ? field.getValue().stringValue()
                        : field.getValue().toString();
                if (!field.getValue().isNull() && !value.isEmpty() && !value.equals("[]") && !value.equals("{}")) {
                    line("%-17s %s".formatted(field.getKey(), value));
                }
            }
            for (JsonNode attempt : attempts) {
                line("attempt %-9s %s, from %s to %s%s"
                        .formatted(
                                attempt.path("number").asString(),
                                text(attempt, "outcome"),
                                text(attempt, "start"),
                                text(attempt, "end"),
                                attempt.path("error").isObject() ? ": " + text(attempt.path("error"), "message") : ""));
            }
            for (JsonNode told : log) {
                line("%s attempt %s: %s"
                        .formatted(text(told, "at"), told.path("attempt").asString(), text(told, "line")));
            }
        });
    }

    @Command(
            name = "cancel",
            description = "Cancel a task: a waiting one never runs, a running one is interrupted.",
            mixinStandardHelpOptions = true)
    int cancel(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        return with(server, client -> {
            JsonNode task = client.delete(TASKS + "/" + id(id));
            line(
                    text(task, "status").equals("cancelled")
                            ? "Cancelled."
                            : "It runs; it is being interrupted. See: steward tasks show " + id);
        });
    }

    @Command(
            name = "replay",
            description = "Send dead letters back to work: one, or all that died of the same.",
            mixinStandardHelpOptions = true)
    int replay(
            @Mixin ServerOptions server,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "One dead letter.") @Nullable String id,
            @Option(
                            names = "--fingerprint",
                            paramLabel = "F",
                            description = "All that died of the same. See: steward tasks dead-letters.")
                    @Nullable String fingerprint,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            description = "How many begin in a second (only with --fingerprint; default: 100).")
                    @Nullable Double rate,
            @Option(names = "--dry-run", description = "Only tell how many it would be (only with --fingerprint).")
                    boolean dryRun,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever looks later.") @Nullable String reason) {
        if ((id == null) == (fingerprint == null)) {
            throw new CliException(
                    CliException.USAGE,
                    "name either one dead letter or --fingerprint; see: steward tasks replay --help");
        }
        if (id != null && (rate != null || dryRun)) {
            throw new CliException(CliException.USAGE, "--rate and --dry-run are for --fingerprint only");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        putIfGiven(body, "reason", reason);
        return with(server, client -> {
            if (id != null) {
                client.post(DEAD_LETTERS + "/" + id(id) + "/retry", body);
                line("Sent back. See: steward tasks show " + id);
                return;
            }
            putIfGiven(body, "fingerprint", fingerprint);
            putIfGiven(body, "rate_per_second", rate);
            body.put("dry_run", dryRun);
            JsonNode done = client.post(DEAD_LETTERS + "/retry", body);
            line(
                    dryRun
                            ? "%d would be sent back."
                                    .formatted(done.path("matched").asLong())
                            : "%d of %d sent back."
                                    .formatted(
                                            done.path("replayed").asLong(),
                                            done.path("matched").asLong()));
        });
    }

    @Command(
            name = "pause",
            description = "Start no more tasks of a type until it is resumed; what runs goes on. For operators.",
            mixinStandardHelpOptions = true)
    int pause(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "TYPE", description = "A type of tasks, or all.") String type,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever looks later.") @Nullable String reason) {
        return change(server, type, "pause", reason, " is paused.");
    }

    @Command(
            name = "resume",
            description = "Let tasks of a paused type start again. For operators.",
            mixinStandardHelpOptions = true)
    int resume(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "TYPE", description = "A type of tasks, or all.") String type,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever looks later.") @Nullable String reason) {
        return change(server, type, "resume", reason, " starts again.");
    }

    private int change(ServerOptions server, String type, String what, @Nullable String reason, String done) {
        if (!type.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new CliException(
                    CliException.USAGE, "that is not a type of tasks; see the types in: steward tasks list");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        putIfGiven(body, "reason", reason);
        return with(server, client -> {
            client.post(TYPES + "/" + type + "/" + what, body);
            line((type.equals("all") ? "Every type" : type) + done);
        });
    }

    private int print(
            ServerOptions server,
            String path,
            Map<String, String> filters,
            ListOptions options,
            String format,
            java.util.function.Function<JsonNode, Object[]> line) {
        int page = options.page();
        return with(server, client -> {
            if (!options.json() && !options.csv()) {
                line(format.formatted(line.apply(JSON.missingNode())));
            }
            String cursor = "";
            boolean first = true;
            do {
                String query = path + query(filters, page, cursor);
                if (options.csv()) {
                    ServerClient.Csv part = client.csv(query);
                    String text = first ? part.text() : part.text().substring(headerEnd(part.text()));
                    console.out().print(console.interactive() ? Printable.text(text) : text);
                    cursor = part.next();
                } else {
                    JsonNode part = client.get(query);
                    for (JsonNode item : part.path("items")) {
                        line(options.json() ? item.toString() : format.formatted(line.apply(item)));
                    }
                    cursor = part.path("next_cursor").asString("");
                }
                first = false;
            } while (options.all && !cursor.isEmpty());
            if (!cursor.isEmpty()) {
                console.note("There are more; see --limit and --all.");
            }
        });
    }

    /// Names of fields have no line ends in them.
    private static int headerEnd(String csv) {
        int end = csv.indexOf('\n');
        return end < 0 ? csv.length() : end + 1;
    }

    private static String query(Map<String, String> filters, int limit, String cursor) {
        List<String> parts = new ArrayList<>(List.of("limit=" + limit));
        filters.forEach((name, value) -> parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        if (!cursor.isEmpty()) {
            parts.add("cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
        }
        return "?" + String.join("&", parts);
    }

    private static <V> void putIfGiven(Map<String, ? super V> fields, String field, @Nullable V value) {
        if (value != null) {
            fields.put(field, value);
        }
    }

    private int with(ServerOptions server, Consumer<ServerClient> work) {
        try (ServerClient client = server.connect(console)) {
            work.accept(client);
        }
        console.out().flush();
        return 0;
    }

    /// An id as part of an address; what is no id could lead elsewhere.
    private static String id(String given) {
        if (!given.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new CliException(CliException.USAGE, "that is not a task's id; see: steward tasks list");
        }
        return given;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private void line(String text) {
        PrintStream out = console.out();
        out.println(Printable.line(text).stripTrailing());
    }
}
