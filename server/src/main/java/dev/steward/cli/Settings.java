package dev.steward.cli;

import dev.steward.StewardServer;
import dev.steward.config.ConfigLoader;
import dev.steward.config.ConfigSources;
import dev.steward.config.LoadResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which configuration a command works with.
final class Settings {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file; else steward.yaml here or in the home.")
    private @Nullable Path file;

    @Option(names = "--home", paramLabel = "DIR", description = "Data directory.")
    private @Nullable String home;

    /// Where the settings come from; later flags may be added to `flags`.
    ConfigSources sources(Console console, Map<String, ConfigSources.Flag> more) {
        Map<String, ConfigSources.Flag> flags = new LinkedHashMap<>(more);
        if (home != null) {
            flags.put("home", new ConfigSources.Flag("--home", home));
        }
        String named = console.environment().getOrDefault("STEWARD_CONFIG", "");
        Optional<Path> chosen =
                Optional.ofNullable(file).or(() -> named.isEmpty() ? Optional.empty() : Optional.of(Path.of(named)));
        return new ConfigSources(chosen, console.directory(), console.environment(), flags, console.platform());
    }

    LoadResult load(Console console) {
        ConfigLoader loader = StewardServer.configLoader();
        return loader.load(sources(console, Map.of()));
    }
}
