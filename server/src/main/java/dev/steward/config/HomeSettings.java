package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/// The key `home`. Rooms are given [Home] instead, which knows the default.
record HomeSettings(
        @Setting("The data directory. Empty: the platform's own, such as ~/.local/share/steward;"
                + " /var/lib/steward for root.")
        Optional<Path> home) {

    static final Section<HomeSettings> SECTION = new Section<>("home", HomeSettings.class);

    HomeSettings {
        requireNonNull(home, "home");
    }
}
