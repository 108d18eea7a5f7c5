package dev.steward.config;

import static java.util.Objects.requireNonNull;

/// The key `role`.
public record RoleSettings(
        @Setting(
                value = "What this process does: all; api: serves requests only; worker: works on tasks only.",
                fallback = "all")
        NodeRole role) {

    static final Section<RoleSettings> SECTION = new Section<>("role", RoleSettings.class);

    /// A process that does everything.
    public static RoleSettings all() {
        return new RoleSettings(NodeRole.ALL);
    }

    public RoleSettings {
        requireNonNull(role, "role");
    }
}
