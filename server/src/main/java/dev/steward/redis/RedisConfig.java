package dev.steward.redis;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.util.Optional;

/// Which Redis Steward uses; none when nobody names one.
///
/// @param url as `redis://` or, with TLS, `rediss://`; may hold a password
public record RedisConfig(
        @Setting("URL of a Redis 5 or later that all processes use to hand out tasks, such as"
                + " redis://user:password@host:6379/0, or rediss:// for TLS; empty: PostgreSQL does it alone.")
        Optional<Secret> url) {

    public static final Section<RedisConfig> SECTION = new Section<>("redis", RedisConfig.class);

    public RedisConfig {
        requireNonNull(url, "url");
        url.ifPresent(u -> RedisUrl.parse(u.value()));
    }

    /// What stands when nobody sets anything.
    public static RedisConfig none() {
        return new RedisConfig(Optional.empty());
    }
}
