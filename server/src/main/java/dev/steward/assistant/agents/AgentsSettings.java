package dev.steward.assistant.agents;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import dev.steward.models.ModelRef;
import java.util.List;
import java.util.Optional;

/// What an operator may set for each agent; section `agents`.
public record AgentsSettings(
        @Setting("Alpha, the chief assistant.") AgentSettings alpha,
        @Setting("Beta, the research analyst.") AgentSettings beta,
        @Setting("Gamma, the knowledge manager.") AgentSettings gamma,
        @Setting("Delta, the task coordinator.") AgentSettings delta,
        @Setting("Epsilon, the creative assistant.") AgentSettings epsilon,
        @Setting("Zeta, the code architect.") AgentSettings zeta,
        @Setting("Eta, the evolution engineer.") AgentSettings eta) {

    public static final Section<AgentsSettings> SECTION = new Section<>("agents", AgentsSettings.class);

    public AgentsSettings {
        requireNonNull(alpha, "alpha");
        requireNonNull(beta, "beta");
        requireNonNull(gamma, "gamma");
        requireNonNull(delta, "delta");
        requireNonNull(epsilon, "epsilon");
        requireNonNull(zeta, "zeta");
        requireNonNull(eta, "eta");
    }

    /// Every agent as it comes.
    public static AgentsSettings defaults() {
        var plain = new AgentSettings(List.of(), Optional.empty(), Optional.empty());
        return new AgentsSettings(plain, plain, plain, plain, plain, plain, plain);
    }

    /// The settings of one agent.
    public AgentSettings of(Agent agent) {
        return switch (agent.name()) {
            case "alpha" -> alpha;
            case "beta" -> beta;
            case "gamma" -> gamma;
            case "delta" -> delta;
            case "epsilon" -> epsilon;
            case "zeta" -> zeta;
            case "eta" -> eta;
            default -> throw new IllegalArgumentException("there is no agent " + agent.name());
        };
    }

    /// One agent's own models and limits.
    public record AgentSettings(
            @Setting("Its own order of failover, each as backend/model. Empty: the default chain.")
            List<String> chain,

            @Setting("Most tokens in one answer, 16 to 32768. Empty: the backend's own limit.")
            Optional<Integer> maxTokens,

            @Setting("How freely it words things, 0 to 2. Empty: the backend's own default.")
            Optional<Double> temperature) {

        public AgentSettings {
            chain = List.copyOf(chain);
            chain.forEach(ModelRef::parse);
            maxTokens.ifPresent(tokens -> {
                if (tokens < 16 || tokens > 32_768) {
                    throw new IllegalArgumentException("max_tokens must be 16 to 32768");
                }
            });
            temperature.ifPresent(degree -> {
                if (!(degree >= 0 && degree <= 2)) {
                    throw new IllegalArgumentException("temperature must be 0 to 2");
                }
            });
        }

        /// The chain, read; empty: the default.
        public List<ModelRef> models() {
            return chain.stream().map(ModelRef::parse).toList();
        }
    }
}
