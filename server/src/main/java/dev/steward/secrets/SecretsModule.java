package dev.steward.secrets;

import dev.steward.config.Home;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the seal over this installation's key file.
@Configuration(proxyBeanMethods = false)
public class SecretsModule {

    @Bean
    SecretSeal secretSeal(Home home) {
        return new SecretSeal(home.path().resolve(SecretSeal.FILE));
    }
}
