package dev.steward.assistant;

import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.AgentsModule;
import dev.steward.assistant.agents.AgentsSettings;
import dev.steward.assistant.dialogue.ConversationService;
import dev.steward.assistant.dialogue.DialogueModule;
import dev.steward.assistant.dialogue.TurnService;
import dev.steward.assistant.input.InputModule;
import dev.steward.conversations.TurnEventFeed;
import dev.steward.conversations.Turns;
import dev.steward.models.ModelChains;
import dev.steward.models.ModelDesk;
import dev.steward.models.ModelGateway;
import dev.steward.resilience.Breakers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Builds the assistant: its dialogue and its doors.
@Configuration(proxyBeanMethods = false)
@Import({InputModule.class, AgentsModule.class, DialogueModule.class})
public class AssistantModule {

    @Bean
    DialogueController dialogueController(ConversationService conversations, TurnService turns, TurnEventFeed feed) {
        return new DialogueController(conversations, turns, feed);
    }

    @Bean
    AgentController agentController(
            AgentsSettings settings,
            ModelChains chains,
            ModelDesk desk,
            ModelGateway models,
            Turns turns,
            Breakers breakers) {
        // There from the start, not from an agent's first answer on.
        Agents.ALL.forEach(agent -> breakers.get(agent.breaker()));
        return new AgentController(settings, chains, desk, models, turns, breakers);
    }
}
