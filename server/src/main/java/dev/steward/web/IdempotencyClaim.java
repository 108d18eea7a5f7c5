package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/// A creating request that is bound to an `Idempotency-Key`.
///
/// @param owner      whose key it is
/// @param key        as the caller sent it; never stored or logged
/// @param resourceId what is created gets this id, in the first request and in every repeat
record IdempotencyClaim(UUID owner, String key, UUID resourceId) {

    IdempotencyClaim {
        requireNonNull(owner, "owner");
        requireNonNull(key, "key");
        requireNonNull(resourceId, "resourceId");
    }

    @Override
    public String toString() {
        return "IdempotencyClaim[resource " + resourceId + "]";
    }
}
