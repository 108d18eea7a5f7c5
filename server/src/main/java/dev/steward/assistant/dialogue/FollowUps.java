package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.base.IdSource;
import dev.steward.base.StewardException;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.Turn;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.telemetry.Correlation;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Background work after an answer: a better title, a summary of what no longer fits. Nobody waits for it, and
/// nothing depends on it: when the queue is full it is left for the next answer.
final class FollowUps {

    /// How full the dialogue's room may be before the older part is summarised: the rest is for the turns that come
    /// while the summary is being made.
    static final double FILLED_MAX = 0.7;

    private static final int RETRIES_MAX = 2;

    private static final Logger log = LoggerFactory.getLogger(FollowUps.class);

    private final Conversations conversations;
    private final ModelQuestion models;
    private final TaskQueue tasks;
    private final IdSource ids;

    FollowUps(Conversations conversations, ModelQuestion models, TaskQueue tasks, IdSource ids) {
        this.conversations = requireNonNull(conversations, "conversations");
        this.models = requireNonNull(models, "models");
        this.tasks = requireNonNull(tasks, "tasks");
        this.ids = requireNonNull(ids, "ids");
    }

    void after(Turn turn, Briefing.Brief brief) {
        try {
            if (models.capable(List.of()) && conversations.wantsTitle(turn.owner(), turn.conversation())) {
                accept(turn, TitleTaskHandler.TYPE, "Find a title for a conversation");
            }
            if (brief.window().left() > 0 || brief.window().filled() > FILLED_MAX) {
                accept(turn, SummaryTaskHandler.TYPE, "Summarise the older part of a conversation");
            }
        } catch (StewardException e) {
            log.atInfo()
                    .addKeyValue("turn_id", turn.id())
                    .addKeyValue("code", e.code())
                    .log("background work after an answer was not accepted; the next answer asks again");
        }
    }

    private void accept(Turn turn, String type, String description) {
        tasks.accept(new NewTask(
                new TaskId(ids.next()),
                turn.owner(),
                type,
                Priority.LOW,
                description,
                Jsons.turnInput(turn.id()),
                Optional.empty(),
                Optional.empty(),
                RETRIES_MAX,
                Correlation.current(Correlation.Id.REQUEST)));
    }
}
