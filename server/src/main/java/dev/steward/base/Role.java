package dev.steward.base;

import java.util.EnumSet;
import java.util.Set;

/// What kind of account this is. The one place that says which role may do what (SEC-3).
public enum Role {
    /// Reads what is their own; starts nothing.
    VIEWER(EnumSet.of(Permission.SELF, Permission.READ)),
    /// Uses the assistant.
    USER(EnumSet.of(Permission.SELF, Permission.READ, Permission.CHAT)),
    /// Also looks after the running system.
    OPERATOR(EnumSet.of(Permission.SELF, Permission.READ, Permission.CHAT, Permission.OPERATE)),
    /// Also looks after accounts.
    ADMIN(EnumSet.allOf(Permission.class));

    private final Set<Permission> permissions;

    Role(Set<Permission> permissions) {
        this.permissions = Set.copyOf(permissions);
    }

    /// Whether an account of this role may do what needs `permission`.
    public boolean may(Permission permission) {
        return permission == Permission.PUBLIC || permissions.contains(permission);
    }
}
