package dev.steward.redis;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Offers the Redis of the settings, where they name one.
@Configuration(proxyBeanMethods = false)
public class RedisModule {

    @Bean
    SharedRedis sharedRedis(RedisConfig config) {
        return new SharedRedis(config.url().map(RedisServer::at));
    }
}
