package dev.steward.assistant.agents;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.AgentsSettings.AgentSettings;
import dev.steward.models.ModelChains;
import dev.steward.models.ModelRef;

/// The agents' settings as they are in force: an order of failover that was set while Steward ran counts before the
/// configuration's. Safe for use by many threads.
public final class LiveAgents {

    private final AgentsSettings settings;
    private final ModelChains chains;

    public LiveAgents(AgentsSettings settings, ModelChains chains) {
        this.settings = requireNonNull(settings, "settings");
        this.chains = requireNonNull(chains, "chains");
    }

    /// As configured, where nobody changed anything.
    public static LiveAgents of(AgentsSettings settings) {
        return new LiveAgents(settings, new ModelChains());
    }

    /// The settings of one agent, now.
    public AgentSettings of(Agent agent) {
        AgentSettings own = settings.of(agent);
        return chains.of(agent.name())
                .map(models -> new AgentSettings(
                        models.stream().map(ModelRef::toString).toList(), own.maxTokens(), own.temperature()))
                .orElse(own);
    }
}
