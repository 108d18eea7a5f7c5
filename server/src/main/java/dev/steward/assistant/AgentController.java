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
import dev.steward.resilience.Breakers;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The seven agents, with what they did for the caller.
@RestController
@RequestMapping("/api/v1/agents")
final class AgentController {

    private final AgentsSettings settings;
    private final Turns turns;
    private final Breakers breakers;

    AgentController(AgentsSettings settings, Turns turns, Breakers breakers) {
        this.settings = requireNonNull(settings, "settings");
        this.turns = requireNonNull(turns, "turns");
        this.breakers = requireNonNull(breakers, "breakers");
    }

    /// In the order of the alphabet that they are named after, unless it is to be by name.
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<AgentView> list(Principal caller, @Listing(sorts = {"position", "name"}) PageRequest page) {
        Map<String, AgentFigures> figures = figures(caller.user());
        List<String> order = Agents.ALL.stream().map(Agent::name).toList();
        return page.of(
                Agents.ALL.stream().map(agent -> view(agent, figures)).toList(),
                agent -> page.sort().equals("name") ? agent.name() : Integer.toString(order.indexOf(agent.name())));
    }

    @GetMapping("/{name}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    AgentView find(Principal caller, @PathVariable String name) {
        Agent agent = Agents.find(name).orElseThrow(() -> StewardException.notFound("agent"));
        return view(agent, figures(caller.user()));
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
                settings.of(agent).chain(),
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
    /// @param breaker      the name of its breaker
    /// @param breakerState `closed`, `open` or `half_open`
    record AgentView(
            String name,
            String displayName,
            String title,
            String purpose,
            List<String> chain,
            String breaker,
            String breakerState,
            Statistics statistics) {}

    /// What it did for the caller.
    ///
    /// @param meanLatencyMs from accepted to completed, over completed turns
    record Statistics(
            long turns, long completed, long failures, long meanLatencyMs, long promptTokens, long completionTokens) {}
}
