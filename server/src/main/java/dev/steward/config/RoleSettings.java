package dev.steward.config;

import static java.util.Objects.requireNonNull;

/// The key `role`.
public record RoleSettings(
        @Setting(
                value = "What this process does: all; api: serves requests only; worker: works on tasks only.",
                fallback = "all")
        NodeRole role) {

    static final Section<RoleSettings> SECTION = new Section<>("role", RoleSettings.class);

    public RoleSettings {
        requireNonNull(role, "role");
    }
}
