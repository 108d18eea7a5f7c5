package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.base.StewardException;
import dev.steward.config.Configuration;
import dev.steward.http.EgressConfig;
import dev.steward.http.EgressPool;
import dev.steward.models.ModelsSettings;
import dev.steward.models.embedded.InstallException;
import dev.steward.models.embedded.InstallProgress;
import dev.steward.models.embedded.ModelEntry;
import dev.steward.models.embedded.ModelLibraries;
import dev.steward.models.embedded.ModelLibrary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `steward model …`: the basic built-in models. Asks the server when one runs, else works on the data directory of
/// this machine by itself.
@Command(
        name = "model",
        description = "Install and remove the basic built-in models.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ModelCommand {

    private static final String CATALOGUE = "api/v1/models/catalogue";

    /// How often the server is asked for progress.
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Console console;

    ModelCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Command(name = "list", description = "The models that can be installed.", mixinStandardHelpOptions = true)
    int list(@Mixin ServerOptions server) {
        List<Row> rows = eitherWay(
                server,
                client -> client.get(CATALOGUE)
                        .path("items")
                        .valueStream()
                        .map(ModelCommand::row)
                        .toList(),
                () -> library(server).list().stream().map(ModelCommand::row).toList());
        console.out().printf("%-22s %9s  %-12s %-12s %s%n", "MODEL", "SIZE", "STATE", "LICENCE", "");
        for (Row row : rows) {
            console.out()
                    .printf(
                            "%-22s %6d MB  %-12s %-12s %s%n",
                            row.id(), row.bytes() / 1_000_000, row.state(), row.licence(), row.notes());
        }
        console.out().flush();
        return 0;
    }

    @Command(
            name = "install",
            description = "Fetch a model, check its SHA-256 and install it. Goes on where an earlier try ended.",
            mixinStandardHelpOptions = true)
    int install(
            @Mixin ServerOptions server,
            @Parameters(arity = "0..1", paramLabel = "MODEL", description = "See: steward model list.") @Nullable String id,
            @Option(
                            names = "--from",
                            paramLabel = "FILE|URL",
                            description = "Take the file from here first (only without a running server).")
                    @Nullable String from) {
        var line = new ProgressLine();
        Optional<ServerClient> client = from == null ? running(server) : Optional.empty();
        String chosen = id == null ? ModelLibraries.defaultModel() : id;
        if (client.isPresent()) {
            try (ServerClient open = client.get()) {
                installThere(open, chosen, line);
            }
        } else {
            installHere(library(server), chosen, from == null ? "" : from, line);
        }
        line.end();
        console.out().println(Printable.line(chosen) + " is installed.");
        console.out().flush();
        return 0;
    }

    @Command(name = "remove", description = "Delete a model's file.", mixinStandardHelpOptions = true)
    int remove(@Mixin ServerOptions server, @Parameters(paramLabel = "MODEL") String id) {
        String path = CATALOGUE + "/" + segment(id);
        boolean removed = eitherWay(
                server,
                client -> {
                    JsonNode entry = client.get(path);
                    client.delete(path + "/install");
                    return !entry.path("state").asString().equals(ModelEntry.State.ABSENT.wire())
                            || entry.path("progress").isObject();
                },
                () -> library(server).remove(id));
        console.out()
                .println(Printable.line(id) + (removed ? " is removed." : " was not installed; nothing was removed."));
        console.out().flush();
        return 0;
    }

    private void installThere(ServerClient client, String id, ProgressLine line) {
        String path = CATALOGUE + "/" + segment(id);
        JsonNode entry = client.post(path + "/install", Map.of());
        String told = "";
        while (!entry.path("state").asString().equals(ModelEntry.State.INSTALLED.wire())) {
            if (entry.path("state").asString().equals(ModelEntry.State.ABSENT.wire())) {
                throw new CliException(CliException.FAILED, id + " was removed meanwhile");
            }
            JsonNode progress = entry.path("progress");
            String message = entry.path("message").asString("");
            if (!message.isEmpty() && !message.equals(told)) {
                console.note(message);
                told = message;
            }
            line.show(new InstallProgress(
                    progress.path("bytes").asLong(0),
                    entry.path("bytes").asLong(0),
                    progress.path("bytes_per_second").asLong(0),
                    progress.path("source").asString("")));
            ServerClient.pause(LOOK);
            entry = client.get(path);
        }
    }

    private static void installHere(ModelLibrary library, String id, String from, ProgressLine line) {
        try {
            library.installAndWait(id, from, line::show);
        } catch (InstallException | StewardException e) {
            line.end();
            throw new CliException(CliException.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw ServerClient.interrupted();
        }
    }

    /// Asks the server if one runs, else does it here.
    private <T> T eitherWay(
            ServerOptions server, java.util.function.Function<ServerClient, T> there, Supplier<T> here) {
        Optional<ServerClient> client = running(server);
        try {
            if (client.isPresent()) {
                try (ServerClient open = client.get()) {
                    return there.apply(open);
                }
            }
            return here.get();
        } catch (StewardException e) {
            throw new CliException(CliException.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Optional<ServerClient> running(ServerOptions server) {
        ServerClient client = server.connect(console);
        try {
            client.get(CATALOGUE);
            return Optional.of(client);
        } catch (CliException e) {
            client.close();
            if (e.exitCode() == CliException.UNAVAILABLE && !server.named(console)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private ModelLibrary library(ServerOptions server) {
        Configuration configuration = server.configuration(console);
        return ModelLibraries.of(
                configuration.home(),
                configuration.get(ModelsSettings.class).embedded(),
                new EgressPool(configuration.get(EgressConfig.class)));
    }

    /// An id as part of an address; what is no id could lead elsewhere.
    private static String segment(String id) {
        if (!id.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw new CliException(CliException.USAGE, "that is not a model's name; see: steward model list");
        }
        return id;
    }

    private record Row(String id, long bytes, String state, String licence, String notes) {}

    private static Row row(JsonNode entry) {
        return new Row(
                entry.path("id").asString(),
                entry.path("bytes").asLong(),
                entry.path("state").asString(),
                entry.path("licence").asString(),
                entry.path("notes").asString());
    }

    private static Row row(ModelEntry entry) {
        return new Row(entry.id(), entry.bytes(), entry.state().wire(), entry.licence(), entry.notes());
    }

    /// One line that is written over, or, where nobody sits, a line for each tenth.
    private final class ProgressLine {

        private int shown = -1;

        void show(InstallProgress progress) {
            int step = console.interactive() ? progress.percent() : progress.percent() / 10;
            if (step == shown) {
                return;
            }
            shown = step;
            String text = progress.words() + "  " + Printable.line(progress.source());
            if (console.interactive()) {
                console.err().print("\r" + text + "\033[K");
            } else {
                console.err().println(text);
            }
            console.err().flush();
        }

        void end() {
            if (console.interactive() && shown >= 0) {
                console.err().println();
            }
        }
    }
}
