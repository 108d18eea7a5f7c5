package dev.steward.redis;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// The Redis that every process of this installation uses.
///
/// @param server empty: none is configured
public record SharedRedis(Optional<RedisServer> server) {

    public SharedRedis {
        requireNonNull(server, "server");
    }
}
