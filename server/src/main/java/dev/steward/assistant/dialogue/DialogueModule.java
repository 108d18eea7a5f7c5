package dev.steward.assistant.dialogue;

import dev.steward.assistant.agents.LiveAgents;
import dev.steward.assistant.input.InputValidator;
import dev.steward.base.IdSource;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.Turns;
import dev.steward.database.Transactions;
import dev.steward.models.ModelGateway;
import dev.steward.resilience.RecoveryListener;
import dev.steward.schedules.SpokenSchedules;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskQueue;
import java.time.InstantSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/// Builds the dialogue: what takes messages in, the tasks that answer them, and the work around it.
@Configuration(proxyBeanMethods = false)
public class DialogueModule {

    @Bean
    TurnService turnService(
            Turns turns, TaskQueue tasks, InputValidator validator, TransactionTemplate transactions, IdSource ids) {
        return new TurnService(turns, tasks, new Line(turns, tasks), validator, new Transactions(transactions), ids);
    }

    @Bean
    ConversationService conversationService(Conversations conversations, InputValidator validator) {
        return new ConversationService(conversations, validator);
    }

    @Bean
    TaskHandler turnTaskHandler(
            Turns turns,
            Conversations conversations,
            TaskQueue tasks,
            ModelGateway gateway,
            LiveAgents agents,
            DialogueSettings settings,
            IdSource ids,
            RecoveryListener recovery,
            SpokenSchedules spoken,
            TransactionTemplate transactions,
            InstantSource clock) {
        var models = new ModelQuestion(gateway);
        var router = new AgentRouter(models, agents, settings.routing());
        var briefing = new Briefing(turns, conversations, router, models, agents, settings.advice(), clock);
        var line = new Line(turns, tasks);
        var followUps = new FollowUps(conversations, models, tasks, ids);
        var talk = new ScheduleTalk(spoken, turns, models, agents, new Transactions(transactions));
        var answering =
                new Answering(talk, turns, gateway, briefing, agents, settings, followUps, line, recovery, clock);
        return new TurnTaskHandler(turns, answering, line, settings.answersMax());
    }

    @Bean
    TaskHandler askTaskHandler(TurnService turns, Conversations conversations) {
        return new AskTaskHandler(turns, conversations);
    }

    @Bean
    TaskHandler titleTaskHandler(Turns turns, Conversations conversations, ModelGateway gateway, LiveAgents agents) {
        return new TitleTaskHandler(turns, conversations, new ModelQuestion(gateway), agents);
    }

    @Bean
    TaskHandler summaryTaskHandler(Turns turns, ModelGateway gateway, LiveAgents agents) {
        return new SummaryTaskHandler(turns, new ModelQuestion(gateway), agents);
    }

    @Bean
    TaskHandler promptTaskHandler(
            ModelGateway gateway,
            LiveAgents agents,
            DialogueSettings settings,
            ModelWatch watch,
            InputValidator validator,
            InstantSource clock) {
        var models = new ModelQuestion(gateway);
        var router = new AgentRouter(models, agents, settings.routing());
        return new PromptTaskHandler(models, router, validator, agents, watch, clock);
    }

    @Bean(destroyMethod = "")
    ModelWatch modelWatch(ModelGateway gateway, Turns turns, TaskQueue tasks) {
        return new ModelWatch(gateway, turns, tasks);
    }

    @Bean
    SmartLifecycle dialogueWatches(ModelWatch models, Turns turns, TaskQueue tasks) {
        return new Watches(models, new TurnReaper(turns, tasks, new Line(turns, tasks)));
    }

    /// Starts what looks around once the database is there.
    private static final class Watches implements SmartLifecycle {

        private final ModelWatch models;
        private final TurnReaper reaper;
        private volatile boolean running;

        Watches(ModelWatch models, TurnReaper reaper) {
            this.models = models;
            this.reaper = reaper;
        }

        @Override
        public void start() {
            models.start();
            reaper.start();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            models.close();
            reaper.close();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
