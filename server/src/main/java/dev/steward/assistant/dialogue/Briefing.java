package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.assistant.agents.Route;
import dev.steward.assistant.output.FailureWords;
import dev.steward.assistant.output.FailureWords.Told;
import dev.steward.base.Wording;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.LogEntry;
import dev.steward.conversations.Summary;
import dev.steward.conversations.Turn;
import dev.steward.conversations.Turns;
import dev.steward.conversations.Turns.LogLine;
import dev.steward.models.ChatMessage;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelRef;
import dev.steward.models.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Prepares an answer: who gives it, and what they are told. What is decided once is written down before the first
/// word of the answer, so that an attempt that goes on with it goes on with the same.
final class Briefing {

    /// Earlier turns that are looked at for the context; far more than fit.
    static final int HISTORY_TURNS_MAX = 200;

    /// Longest advice that is passed on, in characters; it shares the context with everything else.
    static final int ADVICE_CHARS_MAX = 4_000;

    private static final int ADVICE_TOKENS = 300;

    /// Lengths that people are told are round.
    private static final int ROUND_CHARS = 100;

    private final Turns turns;
    private final Conversations conversations;
    private final AgentRouter router;
    private final ModelQuestion models;
    private final LiveAgents settings;
    private final Duration patience;
    private final InstantSource clock;

    Briefing(
            Turns turns,
            Conversations conversations,
            AgentRouter router,
            ModelQuestion models,
            LiveAgents settings,
            Duration patience,
            InstantSource clock) {
        this.turns = requireNonNull(turns, "turns");
        this.conversations = requireNonNull(conversations, "conversations");
        this.router = requireNonNull(router, "router");
        this.models = requireNonNull(models, "models");
        this.settings = requireNonNull(settings, "settings");
        this.patience = requireNonNull(patience, "patience");
        this.clock = requireNonNull(clock, "clock");
    }

    /// What the answering agent is told, and how full its window is.
    record Brief(ContextWindow window, int contextTokens) {}

    /// Finds the agent unless that is done; advice is asked for, and written down with the decision.
    ///
    /// @return the turn with its agent; empty: it is not this attempt's any more
    Optional<Turn> assign(Turn turn, long fence) throws InterruptedException {
        if (turn.agent().isPresent()) {
            return Optional.of(turn);
        }
        Optional<Agent> before = turns.history(turn, 0, 1).stream()
                .findFirst()
                .flatMap(Turn::agent)
                .flatMap(Agents::find);
        Optional<Agent> ofConversation =
                conversations.find(turn.owner(), turn.conversation()).agent().flatMap(Agents::find);
        Route route = router.route(
                turn.owner(), turn.message(), turn.agentAsked().flatMap(Agents::find), ofConversation, before);
        List<LogLine> lines = new ArrayList<>();
        route.handOvers().forEach(hop -> lines.add(handOver(hop, route.why())));
        for (Agent asked : route.consulted()) {
            lines.addAll(consult(turn, route.agent(), asked));
        }
        boolean mine = turns.assign(turn, fence, route.agent().name(), route.why(), lines);
        return mine ? Optional.of(turn.withAgent(route.agent().name())) : Optional.empty();
    }

    /// Refuses a message that no model of the chain can read in one piece, before anybody works on it. Where a model
    /// does not tell how much it takes, it is asked and refuses by itself.
    Optional<Told> tooLong(Turn turn, Agent agent, List<ModelRef> chain) {
        OptionalInt most = models.contextTokensMost(chain);
        int needed = Tokens.of(turn.message());
        if (most.isEmpty()) {
            return Optional.empty();
        }
        int room = ContextWindow.roomForMessage(agent, most.getAsInt());
        if (needed <= room) {
            return Optional.empty();
        }
        long pass = (long) turn.message().length() * Math.max(0, room) / needed;
        int chars = turn.message().codePointCount(0, turn.message().length());
        return Optional.of(FailureWords.messageTooLong(chars, (int) (pass / ROUND_CHARS) * ROUND_CHARS));
    }

    Brief brief(Turn turn, Agent agent, List<ModelRef> chain) {
        return brief(turn, agent, models.contextTokens(chain));
    }

    /// The same for a model that takes in less than it was thought to: half of the room, and so less of the dialogue.
    Brief narrower(Turn turn, Agent agent, Brief refused) {
        return brief(turn, agent, Math.min(refused.contextTokens, ContextWindow.CONTEXT_TOKENS_MAX) / 2);
    }

    private Brief brief(Turn turn, Agent agent, int contextTokens) {
        Optional<Summary> summary = turns.summary(turn);
        List<Turn> history = turns.history(turn, summary.map(Summary::slot).orElse(0), HISTORY_TURNS_MAX);
        List<String> advice = turns.logged(turn).stream()
                .filter(entry ->
                        entry.kind() == LogEntry.Kind.AGENT && !entry.speaker().equals(agent.name()))
                .map(entry -> Agents.get(entry.speaker()).displayName() + ", whom you asked for advice, says: "
                        + entry.content())
                .toList();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return new Brief(
                ContextWindow.build(agent, summary, history, advice, today, turn.message(), contextTokens),
                contextTokens);
    }

    private static LogLine handOver(Route.HandOver hop, Wording why) {
        return new LogLine(
                LogEntry.Kind.HAND_OVER,
                hop.from().name(),
                hop.from().displayName() + " hands over to " + hop.to().displayName() + ": " + why + ".",
                Jsons.object(Map.of("from", hop.from().name(), "to", hop.to().name())));
    }

    /// One agent asks another. Silence is no failure: the answer is given without the advice.
    private List<LogLine> consult(Turn turn, Agent asking, Agent asked) throws InterruptedException {
        var request = new ChatRequest(
                List.of(
                        new ChatMessage(ChatMessage.Speaker.SYSTEM, asked.persona()),
                        new ChatMessage(
                                ChatMessage.Speaker.SYSTEM,
                                asking.displayName() + " will answer the message and asks for your advice. Give the"
                                        + " points that matter in at most five sentences."),
                        new ChatMessage(ChatMessage.Speaker.USER, turn.message())),
                Optional.empty(),
                OptionalInt.of(ADVICE_TOKENS),
                OptionalDouble.empty(),
                "");
        Optional<String> advice =
                models.tryAsk(turn.owner(), asked.breaker(), settings.of(asked).models(), request, patience);
        if (advice.isEmpty() || advice.get().isBlank()) {
            return List.of();
        }
        String text = advice.get();
        String kept = text.substring(0, Math.min(ADVICE_CHARS_MAX, text.length()));
        return List.of(
                new LogLine(
                        LogEntry.Kind.AGENT,
                        asking.name(),
                        "What is your advice on this message?",
                        Jsons.object(Map.of("to", asked.name()))),
                new LogLine(LogEntry.Kind.AGENT, asked.name(), kept, Jsons.object(Map.of("to", asking.name()))));
    }
}
