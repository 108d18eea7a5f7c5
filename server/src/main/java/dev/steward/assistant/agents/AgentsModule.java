package dev.steward.assistant.agents;

import dev.steward.models.ModelChains;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds what all doors know of the agents.
@Configuration(proxyBeanMethods = false)
public class AgentsModule {

    @Bean
    LiveAgents liveAgents(AgentsSettings settings, ModelChains chains) {
        return new LiveAgents(settings, chains);
    }
}
