package dev.steward.assistant.input;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds what checks texts from people, for this room's users and, as `InputRules`, for the rooms below.
@Configuration(proxyBeanMethods = false)
public class InputModule {

    @Bean
    InputValidator inputValidator(InputSettings settings) {
        return new InputValidator(settings);
    }
}
