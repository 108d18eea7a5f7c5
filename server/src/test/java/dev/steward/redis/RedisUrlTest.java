package dev.steward.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.steward.base.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

    @Test
    void takesAUrlApart() {
        RedisUrl url = RedisUrl.parse("redis://steward:se%40cret+%2F@redis.example:7000/3");

        assertThat(url)
                .isEqualTo(new RedisUrl(
                        false, "redis.example", 7000, Optional.of("steward"), Optional.of(new Secret("se@cret+/")), 3));
        assertThat(url.address()).isEqualTo("redis.example:7000");
    }

    @Test
    void knowsWhatIsLeftOut() {
        assertThat(RedisUrl.parse("rediss://10.0.0.7"))
                .isEqualTo(new RedisUrl(true, "10.0.0.7", 6379, Optional.empty(), Optional.empty(), 0));
        assertThat(RedisUrl.parse("redis://:secret@host/"))
                .isEqualTo(new RedisUrl(false, "host", 6379, Optional.empty(), Optional.of(new Secret("secret")), 0));
        assertThat(RedisUrl.parse("redis://[::1]:6380").address()).isEqualTo("[::1]:6380");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://host:6379",
                "redis://",
                "redis:///0",
                "redis://host:0",
                "redis://host:70000",
                "redis://host/one",
                "redis://host/-1",
                "redis://host/1000000",
                "redis://host/0?timeout=5",
                "redis://user:hidden word@host",
                "redis://user:hidden%zz@host",
                "redis://user-without-password@host"
            })
    void refusesWhatIsNoneAndNeverRepeatsIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisUrl.parse(url))
                .withMessageContaining("must look like redis://")
                .withMessageNotContaining("hidden");
    }

    @Test
    void aConfigurationNeverShowsThePassword() {
        var config = new RedisConfig(Optional.of(new Secret("redis://:hidden@host")));

        assertThat(config.toString()).doesNotContain("hidden");
        assertThat(RedisUrl.parse("redis://:hidden@host").toString()).doesNotContain("hidden");
    }
}
