package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.StewardServer;
import dev.steward.config.ConfigSources;
import dev.steward.config.ConfigSources.Flag;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lives the first seconds of a server and a terminal, so that the JVM that watches can write down what they load
/// (JEP 483, 514). The launcher calls it with a home that is thrown away.
@Command(name = "train", hidden = true, description = "Make the JVM's start-up cache; for the launcher.")
final class TrainCommand implements Callable<Integer> {

    /// Enough for what the first requests of every kind load.
    private static final int ROUNDS = 3;

    /// A training run that hangs ends by force, without a cache.
    private static final Duration RUN_MAX = Duration.ofMinutes(5);

    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private static final List<String> PATHS = List.of(
            "api/v1/health/live",
            "api/v1/health",
            "api/v1/me",
            "api/v1/models",
            "api/v1/agents",
            "api/v1/conversations",
            "api/v1/tasks",
            "openapi.json",
            "docs",
            "metrics",
            "v1/models");

    private final Console console;

    @Option(names = "--home", required = true, description = "A directory of its own.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path home;

    TrainCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() throws IOException {
        Thread.ofVirtual().start(() -> {
            ServerClient.pause(RUN_MAX);
            Runtime.getRuntime().halt(CliException.INTERNAL);
        });
        try (var model = new TrainingModel()) {
            return train(model);
        }
    }

    private int train(TrainingModel model) {
        Map<String, Flag> flags = Map.of(
                "backends", new Flag("train", model.backends()),
                "home", new Flag("--home", home.toString()),
                "http.port", new Flag("--port", "0"),
                "models.embedded.install", new Flag("--no-model", "never"));
        var sources = new ConfigSources(Optional.empty(), home, Map.of(), flags, console.platform());
        return new StewardServer(console.out(), console.err(), false).run(sources, this::exercise);
    }

    private void exercise(URI address, Runnable stop) {
        URI base = URI.create(address + "/");
        String token = register(base);
        try (var server = new ServerClient(base, Optional.of(token).filter(t -> !t.isEmpty()), console)) {
            for (int i = 0; i < ROUNDS; i++) {
                PATHS.forEach(path -> quietly(() -> server.get(path)));
                talk(server);
            }
        } finally {
            stop.run();
        }
    }

    /// An answer that does not come must not hold up the launcher.
    private void talk(ServerClient server) {
        var chat = new Chat(server, console, _ -> {}, "", null, null);
        Thread talking =
                Thread.ofVirtual().start(() -> quietly(() -> chat.ask("What is 2 + 2?", new QuietView(console))));
        try {
            talking.join(ANSWER_MAX);
            talking.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String register(URI base) {
        try (var server = new ServerClient(base, Optional.empty(), console)) {
            JsonNode session = server.post(
                    "api/v1/auth/register",
                    Map.of(
                            "email",
                            "train@localhost.invalid",
                            "password",
                            "correct-horse-9-battery",
                            "display_name",
                            "T"));
            return session.path("access_token").asString("");
        } catch (CliException e) {
            return "";
        }
    }

    private static void quietly(Runnable request) {
        try {
            request.run();
        } catch (CliException refused) {
            // What fails has loaded its classes too.
        }
    }
}
