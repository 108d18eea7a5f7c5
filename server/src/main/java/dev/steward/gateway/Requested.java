package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.base.ErrorCode;
import dev.steward.base.Principal;
import dev.steward.models.ModelException;
import dev.steward.models.RawCall;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Turns a request into a call: a model by name, or an agent, `steward/alpha`, with its persona in front.
final class Requested {

    static final String AGENT_PREFIX = "steward/";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ModelNames names;
    private final LiveAgents agents;

    Requested(ModelNames names, LiveAgents agents) {
        this.names = requireNonNull(names, "names");
        this.agents = requireNonNull(agents, "agents");
    }

    /// @throws ModelException `MODEL_NOT_AVAILABLE` for a name that stands for nothing
    RawCall call(Principal principal, CompletionBody body) {
        if (!body.model().startsWith(AGENT_PREFIX)) {
            return new RawCall(
                    principal.user(),
                    "",
                    names.chain(body.model()),
                    body.bytes(),
                    body.modelFrom(),
                    body.modelTo(),
                    body.stream());
        }
        Agent agent = Agents.find(body.model().substring(AGENT_PREFIX.length()))
                .orElseThrow(() -> new ModelException(
                        ModelException.Kind.MODEL_NOT_AVAILABLE,
                        ErrorCode.NOT_FOUND,
                        "There is no such agent. GET /v1/models lists them: steward/alpha to steward/eta.",
                        null,
                        null));
        ObjectNode persona = JSON.createObjectNode();
        persona.put("role", "system").put("content", agent.persona());
        CompletionBody asked = body.withFirstMessage(JSON.writeValueAsBytes(persona));
        return new RawCall(
                principal.user(),
                agent.breaker(),
                agents.of(agent).models(),
                asked.bytes(),
                asked.modelFrom(),
                asked.modelTo(),
                asked.stream());
    }
}
