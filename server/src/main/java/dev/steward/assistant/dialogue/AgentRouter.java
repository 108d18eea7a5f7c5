package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.assistant.agents.Route;
import dev.steward.assistant.agents.RoutingRules;
import dev.steward.base.Saying;
import dev.steward.base.UserId;
import dev.steward.base.Wording;
import dev.steward.models.ChatMessage;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Decides who answers: the agent asked for; one that the message speaks to; the words of the message; whoever
/// answered before; a capable model's judgement, with a short deadline; else Alpha. Only the model is not
/// deterministic, and its failure is silent.
final class AgentRouter {

    /// A model judges by the beginning of the message.
    private static final int CHARS_JUDGED = 600;

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String NAMES =
            Agents.ALL.stream().map(a -> "\"" + a.name() + "\"").collect(Collectors.joining(", "));

    private static final String SCHEMA = """
            {"type": "object", "additionalProperties": false, "required": ["agent", "consult"], "properties": {
              "agent": {"enum": [%s]}, "consult": {"enum": ["none", %s]}}}""".formatted(NAMES, NAMES);

    private static final String TASK =
            "Choose who should answer the message. Consult a second one only when the message"
                    + " clearly needs both.\n"
                    + Agents.ALL.stream()
                            .map(a -> a.name() + ": " + a.purpose())
                            .collect(Collectors.joining("\n"));

    private final ModelQuestion models;
    private final LiveAgents settings;
    private final Duration patience;

    AgentRouter(ModelQuestion models, LiveAgents settings, Duration patience) {
        this.models = requireNonNull(models, "models");
        this.settings = requireNonNull(settings, "settings");
        this.patience = requireNonNull(patience, "patience");
    }

    /// @param asked        the agent of the request
    /// @param conversation the agent of the conversation
    /// @param before       who answered the turn before
    Route route(
            UserId user, String message, Optional<Agent> asked, Optional<Agent> conversation, Optional<Agent> before)
            throws InterruptedException {
        if (asked.isPresent()) {
            return follow(asked.get(), Saying.YOU_ASKED_FOR.said(asked.get().displayName()), message);
        }
        Optional<Agent> addressed = RoutingRules.addressed(message);
        if (addressed.isPresent()) {
            return follow(
                    addressed.get(), Saying.YOU_SPOKE_TO.said(addressed.get().displayName()), message);
        }
        if (conversation.isPresent()) {
            return follow(
                    conversation.get(),
                    Saying.CONVERSATION_IS_WITH.said(conversation.get().displayName()),
                    message);
        }
        Optional<RoutingRules.Choice> choice = RoutingRules.match(message);
        if (choice.isPresent()) {
            return follow(choice.get().agent(), choice.get().why(), message);
        }
        if (before.isPresent()) {
            return follow(before.get(), Saying.GOES_ON.said(before.get().displayName()), message);
        }
        Optional<Route> judged = judge(user, message);
        return judged.isPresent() ? judged.get() : follow(Agents.ALPHA, Saying.NO_SPECIALIST.said(), message);
    }

    private static Route follow(Agent agent, Wording why, String message) {
        return Route.from(agent, why, RoutingRules.handOvers(message), RoutingRules.consulted(message));
    }

    private Optional<Route> judge(UserId user, String message) throws InterruptedException {
        List<ModelRef> chain = settings.of(Agents.ALPHA).models();
        if (patience.isZero() || !models.capable(chain)) {
            return Optional.empty();
        }
        var request = new ChatRequest(
                List.of(
                        new ChatMessage(ChatMessage.Speaker.SYSTEM, TASK),
                        new ChatMessage(ChatMessage.Speaker.USER, ModelQuestion.beginning(message, CHARS_JUDGED))),
                Optional.of(SCHEMA),
                OptionalInt.of(40),
                OptionalDouble.of(0),
                "");
        return models.tryAsk(user, Agents.ALPHA.breaker(), chain, request, patience)
                .flatMap(AgentRouter::read);
    }

    private static Optional<Route> read(String answer) {
        try {
            JsonNode node = JSON.readTree(answer);
            List<Agent> consult =
                    Agents.find(node.path("consult").asString("")).stream().toList();
            return Agents.find(node.path("agent").asString(""))
                    .map(agent -> Route.from(agent, Saying.JUDGED_BEST.said(), List.of(), consult));
        } catch (JacksonException _) {
            // A model that can't keep to a schema has no say; Alpha answers.
            return Optional.empty();
        }
    }
}
