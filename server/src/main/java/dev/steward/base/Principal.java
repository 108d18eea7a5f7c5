package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.UUID;

/// Who is asking: an account, by a session or by an API key.
///
/// @param user        whose rows the request may touch
/// @param role        bounds what the request may do
/// @param credential  the session or key that vouches for it; never a secret
/// @param permissions what this credential may do: at most what the role may, fewer for a scoped key
public record Principal(UserId user, Role role, UUID credential, Set<Permission> permissions)
        implements java.security.Principal {

    public Principal {
        requireNonNull(user, "user");
        requireNonNull(role, "role");
        requireNonNull(credential, "credential");
        permissions = Set.copyOf(permissions);
    }

    /// Whether this caller may do what needs `permission`.
    public boolean may(Permission permission) {
        return permission == Permission.PUBLIC || (permissions.contains(permission) && role.may(permission));
    }

    /// The user's id as text, as [java.security.Principal] asks; not a display name.
    @Override
    public String getName() {
        return user.toString();
    }
}
