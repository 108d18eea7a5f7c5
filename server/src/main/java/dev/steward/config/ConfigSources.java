package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where settings are read from, given from outside so that tests need no real environment.
///
/// @param file             the file named by `--config`; empty: `steward.yaml` in the working directory, else in the
/// home
/// @param workingDirectory where a relative path of a flag or a variable begins
/// @param environment      all variables; only those that begin with `STEWARD_` are read
/// @param flags            settings given on the command line
/// @param platform         the machine and the account
public record ConfigSources(
        Optional<Path> file,
        Path workingDirectory,
        Map<String, String> environment,
        Map<String, Flag> flags,
        Platform platform) {

    /// One setting from the command line.
    ///
    /// @param name  as typed, such as `--port`
    /// @param value as typed
    public record Flag(String name, String value) {

        public Flag {
            requireNonNull(name, "name");
            requireNonNull(value, "value");
        }
    }

    public ConfigSources {
        requireNonNull(file, "file");
        workingDirectory = workingDirectory.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
        requireNonNull(platform, "platform");
    }

    /// The sources of this process: its environment, its working directory, and `STEWARD_CONFIG` for the file.
    ///
    /// @param file  from `--config`
    /// @param flags setting's key to flag
    public static ConfigSources ofThisProcess(@Nullable Path file, Map<String, Flag> flags) {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        String named = environment.getOrDefault("STEWARD_CONFIG", "");
        Optional<Path> chosen =
                Optional.ofNullable(file).or(() -> named.isEmpty() ? Optional.empty() : Optional.of(Path.of(named)));
        return new ConfigSources(chosen, Path.of(""), environment, flags, Platform.current());
    }
}
