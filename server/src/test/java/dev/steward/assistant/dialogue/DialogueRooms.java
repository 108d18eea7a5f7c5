package dev.steward.assistant.dialogue;

import dev.steward.assistant.agents.AgentsSettings;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import dev.steward.conversations.ConversationRooms;
import dev.steward.conversations.Turns;
import dev.steward.models.ModelGateway;
import dev.steward.resilience.RecoveryAttempt;
import dev.steward.tasks.TaskQueue;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The dialogue as its module builds it, over a test's turns, models and queue.
final class DialogueRooms {

    final List<RecoveryAttempt> recoveries = new CopyOnWriteArrayList<>();

    final TurnTaskHandler handler;
    final TurnService service;
    final SummaryTaskHandler summaries;
    final TitleTaskHandler titles;
    final TurnReaper reaper;
    final ModelWatch watch;

    DialogueRooms(ConversationRooms rooms, Turns turns, ModelGateway gateway, TaskQueue queue, InstantSource clock) {
        this(DirectAnswers.NONE, rooms, turns, gateway, queue, clock);
    }

    /// @param direct answers that need no model
    DialogueRooms(
            DirectAnswers direct,
            ConversationRooms rooms,
            Turns turns,
            ModelGateway gateway,
            TaskQueue queue,
            InstantSource clock) {
        var agents = LiveAgents.of(AgentsSettings.defaults());
        var settings = DialogueSettings.defaults();
        var models = new ModelQuestion(gateway);
        var router = new AgentRouter(models, agents, settings.routing());
        var briefing = new Briefing(turns, rooms.conversations, router, models, agents, settings.advice(), clock);
        var line = new Line(turns, queue);
        var followUps = new FollowUps(rooms.conversations, models, queue, rooms.ids);
        var answering = new Answering(
                direct, turns, gateway, briefing, agents, settings, followUps, line, recoveries::add, clock);
        handler = new TurnTaskHandler(turns, answering, line, settings.answersMax());
        service = new TurnService(
                turns, queue, line, new InputValidator(InputSettings.defaults()), rooms.transactions, rooms.ids);
        summaries = new SummaryTaskHandler(turns, models, agents);
        titles = new TitleTaskHandler(turns, rooms.conversations, models, agents);
        reaper = new TurnReaper(turns, queue, line);
        watch = new ModelWatch(gateway, turns, queue);
    }
}
