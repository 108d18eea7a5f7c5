package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// What the data directory's default depends on.
///
/// @param system        `os.name`
/// @param userName      the account that runs this process
/// @param userDirectory the account's own directory
public record Platform(String system, String userName, Path userDirectory) {

    public Platform {
        requireNonNull(system, "system");
        requireNonNull(userName, "userName");
        requireNonNull(userDirectory, "userDirectory");
    }

    /// This machine and account.
    public static Platform current() {
        return new Platform(
                System.getProperty("os.name", "Linux"),
                System.getProperty("user.name", ""),
                Path.of(System.getProperty("user.home", ".")));
    }

    /// The directory for Steward's data when nobody names one: `/var/lib/steward` for root, `~/Library/Application
    /// Support/Steward` on macOS, else `$XDG_DATA_HOME/steward` (XDG Base Directory Specification 0.8) or
    /// `~/.local/share/steward`.
    public Path dataDirectory(Map<String, String> environment) {
        boolean mac = system.toLowerCase(Locale.ROOT).startsWith("mac");
        if (userName.equals("root") && !mac) {
            return Path.of("/var/lib/steward");
        }
        if (mac) {
            return userDirectory.resolve("Library/Application Support/Steward");
        }
        return below(environment.getOrDefault("XDG_DATA_HOME", ""), ".local/share");
    }

    /// The directory for a person's own settings of the terminal: `$XDG_CONFIG_HOME/steward` or `~/.config/steward`.
    public Path configDirectory(Map<String, String> environment) {
        return below(environment.getOrDefault("XDG_CONFIG_HOME", ""), ".config");
    }

    /// The specification says to ignore a base that is not absolute.
    private Path below(String base, String fallback) {
        Path root = base.startsWith("/") ? Path.of(base) : userDirectory.resolve(fallback);
        return root.resolve("steward");
    }
}
