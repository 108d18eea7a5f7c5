package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.Turn;
import dev.steward.conversations.Turns;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskHandler;
import java.time.Duration;
import java.util.Optional;

/// Asks a model for a title better than the first message. A title that a person chose stays.
final class TitleTaskHandler implements TaskHandler {

    static final String TYPE = "title";

    /// Longest title that is taken; a model that writes more has not understood.
    static final int CHARS_MAX = 80;

    private static final int EXCERPT_CHARS = 1_000;
    private static final int TITLE_TOKENS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Turns turns;
    private final Conversations conversations;
    private final ModelQuestion models;
    private final LiveAgents settings;

    TitleTaskHandler(Turns turns, Conversations conversations, ModelQuestion models, LiveAgents settings) {
        this.turns = requireNonNull(turns, "turns");
        this.conversations = requireNonNull(conversations, "conversations");
        this.models = requireNonNull(models, "models");
        this.settings = requireNonNull(settings, "settings");
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(2);
    }

    @Override
    public int concurrencyMax() {
        return 2;
    }

    @Override
    public String run(TaskAttempt attempt) throws InterruptedException {
        Turn turn = turns.find(attempt.owner(), Jsons.turnOf(attempt.input()));
        if (!conversations.wantsTitle(turn.owner(), turn.conversation())) {
            return Jsons.text("");
        }
        var request = ModelQuestion.request(
                "Give this dialogue a title of two to six words, in its own language. Write the title only.",
                "Question: " + excerpt(turn.message()) + "\n\nAnswer: " + excerpt(turn.answer()),
                TITLE_TOKENS);
        String answer = models.ask(
                turn.owner(), Agents.ALPHA.breaker(), settings.of(Agents.ALPHA).models(), request, PATIENCE);
        Optional<String> title = clean(answer);
        title.ifPresent(text -> conversations.improveTitle(turn.owner(), turn.conversation(), text));
        return Jsons.text(title.orElse(""));
    }

    /// The title in what a model wrote; empty when there is none.
    static Optional<String> clean(String answer) {
        String line = answer.strip().lines().findFirst().orElse("");
        String bare = line.replaceFirst("(?i)^title:", "")
                .replaceAll("[\\p{Cntrl}]", " ")
                .replaceAll("^[\\s\"'“”«»*#_`]+|[\\s\"'“”«»*_`.]+$", "");
        return bare.isBlank() || bare.length() > CHARS_MAX || bare.contains("<") ? Optional.empty() : Optional.of(bare);
    }

    private static String excerpt(String text) {
        return ModelQuestion.beginning(text, EXCERPT_CHARS);
    }
}
