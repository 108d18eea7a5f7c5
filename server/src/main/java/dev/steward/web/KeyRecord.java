package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is stored for one `Idempotency-Key` of one caller.
///
/// @param keyHash    SHA-256 of the key
/// @param route      method and path of the request
/// @param bodyHash   SHA-256 of the request's body
/// @param resourceId given to what is created
/// @param answer     the answer, sealed by [SealedAnswer]; null until there is one
@SuppressWarnings("ArrayRecordComponent") // rows, never compared
record KeyRecord(UUID owner, byte[] keyHash, String route, byte[] bodyHash, UUID resourceId, byte @Nullable [] answer) {

    KeyRecord {
        requireNonNull(owner, "owner");
        requireNonNull(keyHash, "keyHash");
        requireNonNull(route, "route");
        requireNonNull(bodyHash, "bodyHash");
        requireNonNull(resourceId, "resourceId");
    }
}
