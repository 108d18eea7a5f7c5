package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Permission;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// An API key, without its secret.
///
/// @param handle   the readable beginning of the key, by which its holder knows it again
/// @param scopes   what it may do, as far as its owner's role may
/// @param lastUsed to the minute
public record ApiKey(
        UUID id,
        String name,
        String handle,
        Set<Permission> scopes,
        Instant created,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsed) {

    public ApiKey {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(handle, "handle");
        scopes = Set.copyOf(scopes);
        requireNonNull(created, "created");
        requireNonNull(expiresAt, "expiresAt");
        requireNonNull(lastUsed, "lastUsed");
    }
}
