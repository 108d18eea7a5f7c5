package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/// One sign-in of one client.
///
/// @param client  what the client calls itself (`User-Agent`), shortened
/// @param address where it signed in from
/// @param expires its end, however much it is used
/// @param current whether it is the one that asks
public record Session(
        UUID id, String client, String address, Instant created, Instant lastUsed, Instant expires, boolean current) {

    public Session {
        requireNonNull(id, "id");
        requireNonNull(client, "client");
        requireNonNull(address, "address");
        requireNonNull(created, "created");
        requireNonNull(lastUsed, "lastUsed");
        requireNonNull(expires, "expires");
    }
}
