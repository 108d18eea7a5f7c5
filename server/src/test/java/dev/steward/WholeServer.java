package dev.steward;

import dev.steward.config.ConfigSources;
import dev.steward.config.ConfigSources.Flag;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.config.Platform;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The server as people start it, every room of it, in this JVM: its own database in a fresh data directory, a free
/// port, and a model server that works.
final class WholeServer implements AutoCloseable {

    private final Path home;
    private final FaultyModelServer model;
    private final ApiFixture api;

    private WholeServer(Path home, FaultyModelServer model, ApiFixture api) {
        this.home = home;
        this.model = model;
        this.api = api;
    }

    /// Starts it with further settings, such as `input.strict=true`.
    static WholeServer start(String... settings) {
        try {
            Path home = Files.createTempDirectory("whole-server");
            FaultyModelServer model = FaultyModelServer.start();
            var context = StewardServer.application(configuration(home, model, settings), new StopRequest(() -> {}))
                    .run();
            return new WholeServer(home, model, ApiFixture.over(context));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ApiFixture api() {
        return api;
    }

    /// Where its own database can be reached by another process.
    String databaseUrl() {
        try {
            String port = Files.readAllLines(home.resolve("database/data/postmaster.pid"))
                    .get(3)
                    .strip();
            String password =
                    Files.readString(home.resolve("database/password")).strip();
            return "postgres://steward:" + password + "@127.0.0.1:" + port + "/steward";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FaultyModelServer model() {
        return model;
    }

    private static Configuration configuration(Path home, FaultyModelServer model, String... settings) {
        Map<String, Flag> flags = new HashMap<>();
        set(flags, "home", home.toString());
        set(flags, "http.port", "0");
        set(flags, "models.embedded.install", "never");
        set(flags, "tasks.drills", "true");
        for (String rate :
                new String[] {"auth_per_minute", "read_per_second", "write_per_second", "model_per_second"}) {
            set(flags, "rates." + rate, "100000");
        }
        set(flags, "backends", "[{\"name\": \"first\", \"kind\": \"ollama\", \"url\": \"" + model.url() + "\"}]");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            set(flags, setting.substring(0, equals), setting.substring(equals + 1));
        }
        var sources = new ConfigSources(Optional.empty(), home, Map.of(), flags, new Platform("Linux", "me", home));
        return switch (StewardServer.configLoader().load(sources)) {
            case LoadResult.Loaded(Configuration configuration) -> configuration;
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.faults().toString());
        };
    }

    private static void set(Map<String, Flag> flags, String key, String value) {
        flags.put(key, new Flag("--test", value));
    }

    @Override
    public void close() {
        api.close();
        model.close();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
