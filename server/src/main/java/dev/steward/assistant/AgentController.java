package dev.steward.assistant;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.AgentsSettings;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.conversations.Turns;
import dev.steward.conversations.Turns.AgentFigures;
import dev.steward.models.ChainChange;
import dev.steward.models.ChainView;
import dev.steward.models.ModelChains;
import dev.steward.models.ModelDesk;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.resilience.Breakers;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The seven agents, with what they did for the caller.
@RestController
@RequestMapping("/api/v1/agents")
final class AgentController {

    private final AgentsSettings settings;
    private final ModelChains chains;
    private final ModelDesk desk;
    private final ModelGateway models;
    private final Turns turns;
    private final Breakers breakers;

    AgentController(
            AgentsSettings settings,
            ModelChains chains,
            ModelDesk desk,
            ModelGateway models,
            Turns turns,
            Breakers breakers) {
        this.settings = requireNonNull(settings, "settings");
        this.chains = requireNonNull(chains, "chains");
        this.desk = requireNonNull(desk, "desk");
        this.models = requireNonNull(models, "models");
        this.turns = requireNonNull(turns, "turns");
        this.breakers = requireNonNull(breakers, "breakers");
    }

    /// In the order of the alphabet that they are named after, unless it is to be by name.
    @Operation(summary = "All seven agents, with how each is doing")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<AgentView> list(Principal caller, @Listing(sorts = {"position", "name"}) PageRequest page) {
        Map<String, AgentFigures> figures = figures(caller.user());
        List<String> order = Agents.ALL.stream().map(Agent::name).toList();
        return page.of(
                Agents.ALL.stream().map(agent -> view(agent, figures)).toList(),
                agent -> page.sort().equals("name") ? agent.name() : Integer.toString(order.indexOf(agent.name())));
    }

    @Operation(summary = "One agent by its name")
    @GetMapping("/{name}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    AgentView find(Principal caller, @PathVariable String name) {
        return view(agent(name), figures(caller.user()));
    }

    /// The agent's order of failover; that of all agents where it has none of its own.
    @Operation(summary = "An agent's order of failover")
    @GetMapping("/{name}/chain")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    ChainView chain(@PathVariable String name) {
        return order(agent(name));
    }

    /// Sets the agent's own order of failover; it counts before the configuration's.
    @Operation(summary = "Set an agent's own order of failover")
    @PutMapping("/{name}/chain")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    ChainView setChain(@PathVariable String name, @RequestBody ChainChange body) {
        Agent agent = agent(name);
        desk.order(agent.name(), body);
        return order(agent);
    }

    /// Goes back to what the configuration says of this agent.
    @Operation(summary = "Give an agent the order of failover of all agents again")
    @DeleteMapping("/{name}/chain")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    ChainView resetChain(@PathVariable String name) {
        Agent agent = agent(name);
        desk.resetOrder(agent.name());
        return order(agent);
    }

    private ChainView order(Agent agent) {
        return ChainView.of(chains.of(agent.name()), settings.of(agent).chain(), models.defaultChain());
    }

    private static Agent agent(String name) {
        return Agents.find(name).orElseThrow(() -> StewardException.notFound("agent"));
    }

    private Map<String, AgentFigures> figures(UserId user) {
        return turns.figures(user).stream().collect(Collectors.toMap(AgentFigures::agent, Function.identity()));
    }

    private AgentView view(Agent agent, Map<String, AgentFigures> figures) {
        AgentFigures own =
                figures.getOrDefault(agent.name(), new AgentFigures(agent.name(), 0, 0, 0, 0, 0, Duration.ZERO));
        String breaker = breakers.status(agent.breaker())
                .map(status -> status.state().name().toLowerCase(Locale.ROOT))
                .orElse("closed");
        return new AgentView(
                agent.name(),
                agent.displayName(),
                agent.title(),
                agent.purpose(),
                chains.of(agent.name())
                        .map(models -> models.stream().map(ModelRef::toString).toList())
                        .orElse(settings.of(agent).chain()),
                settings.of(agent).maxTokens().orElse(null),
                settings.of(agent).temperature().orElse(null),
                agent.breaker(),
                breaker,
                new Statistics(
                        own.turns(),
                        own.completed(),
                        own.failed(),
                        own.meanLatency().toMillis(),
                        own.promptTokens(),
                        own.completionTokens()));
    }

    /// @param chain        its own order of failover; empty: the default
    /// @param maxTokens    most tokens in one answer; null: as the backend has it
    /// @param temperature  how freely it words things, 0 to 2; null: as the backend has it
    /// @param breaker      the name of its breaker
    /// @param breakerState `closed`, `open` or `half_open`
    record AgentView(
            String name,
            String displayName,
            String title,
            String purpose,
            List<String> chain,
            @Nullable Integer maxTokens,
            @Nullable Double temperature,
            String breaker,
            String breakerState,
            Statistics statistics) {}

    /// What it did for the caller.
    ///
    /// @param meanLatencyMs from accepted to completed, over completed turns
    record Statistics(
            long turns, long completed, long failures, long meanLatencyMs, long promptTokens, long completionTokens) {}
}
