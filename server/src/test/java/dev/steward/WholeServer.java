package dev.steward;

import dev.steward.config.ConfigSources;
import dev.steward.config.ConfigSources.Flag;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.config.Platform;
import dev.steward.database.TestServer;
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

/// The server as people start it, every room of it, in this JVM: a fresh data directory, a database of its own on the
/// PostgreSQL of this JVM's tests, a free port, and a model server that works.
final class WholeServer implements AutoCloseable {

    private final Path home;
    private final String database;
    private final FaultyModelServer model;
    private final ApiFixture api;

    private WholeServer(Path home, String database, FaultyModelServer model, ApiFixture api) {
        this.home = home;
        this.database = database;
        this.model = model;
        this.api = api;
    }

    /// Starts it with further settings, such as `input.strict=true`.
    static WholeServer start(String... settings) {
        return start(TestServer.durable().createDatabase(), settings);
    }

    /// Starts a further process on the database of this one.
    WholeServer another(String... settings) {
        return start(database, settings);
    }

    private static WholeServer start(String database, String... settings) {
        try {
            Path home = Files.createTempDirectory("whole-server");
            FaultyModelServer model = FaultyModelServer.start();
            Configuration configuration = configuration(home, database, model, settings);
            var context = StewardServer.application(configuration, new StopRequest(() -> {}))
                    .run();
            return new WholeServer(home, database, model, ApiFixture.over(context));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ApiFixture api() {
        return api;
    }

    FaultyModelServer model() {
        return model;
    }

    private static Configuration configuration(
            Path home, String database, FaultyModelServer model, String... settings) {
        Map<String, Flag> flags = new HashMap<>();
        set(flags, "home", home.toString());
        set(flags, "database.url", TestServer.durable().url(database));
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
        // With what another process still does there.
        TestServer.durable().dropDatabase(database);
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
