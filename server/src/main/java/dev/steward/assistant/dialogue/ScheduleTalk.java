package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.base.Saying;
import dev.steward.base.Wording;
import dev.steward.conversations.EventDraft;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.Turns;
import dev.steward.database.Transactions;
import dev.steward.models.ChatMessage;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelRef;
import dev.steward.schedules.SpokenSchedules;
import dev.steward.schedules.SpokenSchedules.ForModel;
import dev.steward.schedules.SpokenSchedules.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Answers wishes for reminders and schedules by itself. A model is asked only for times that the grammar can't
/// read, and only what a person can check is made of its answer. The answer and what it promises are one
/// transaction, so a turn that is killed and tried again promises once.
final class ScheduleTalk implements DirectAnswers {

    /// What the turn says it was answered by.
    static final String MODEL = "steward/schedules";

    private static final String AGENT = Agents.ALPHA.name();
    private static final Wording WHY = Saying.ABOUT_A_TIME.said();
    private static final int REGENERATIONS_MAX = 100;

    /// Enough for a small answer; whoever waits longer is better asked for simpler words.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int TOKENS_MAX = 300;

    private final SpokenSchedules spoken;
    private final Turns turns;
    private final ModelQuestion models;
    private final LiveAgents agents;
    private final Transactions transactions;

    ScheduleTalk(
            SpokenSchedules spoken, Turns turns, ModelQuestion models, LiveAgents agents, Transactions transactions) {
        this.spoken = requireNonNull(spoken, "spoken");
        this.turns = requireNonNull(turns, "turns");
        this.models = requireNonNull(models, "models");
        this.agents = requireNonNull(agents, "agents");
        this.transactions = requireNonNull(transactions, "transactions");
    }

    @Override
    public boolean answer(Turn turn, long fence) throws InterruptedException {
        List<SpokenSchedules.Said> before = turns.history(turn, 0, SpokenSchedules.BEFORE_MAX).stream()
                .map(t -> new SpokenSchedules.Said(first(t).value(), t.message(), t.answer()))
                .toList();
        Optional<Reply> found = spoken.reply(new SpokenSchedules.Message(
                turn.owner(), first(turn).value(), turn.conversation().value(), before, turn.message()));
        if (found.isEmpty()) {
            return false;
        }
        Optional<ForModel> question = found.get().forModel();
        Optional<Reply> read = question.isPresent() ? read(turn, question.get()) : Optional.empty();
        Reply reply = read.orElse(found.get());
        return transactions.inOne(() -> {
            if (turns.assign(turn, fence, AGENT, WHY, List.of())) {
                reply.make();
                write(turn.withAgent(AGENT), fence, reply.text());
            }
            return true; // Else the turn was stopped or taken over, and this attempt has nothing more to say.
        });
    }

    private Optional<Reply> read(Turn turn, ForModel question) throws InterruptedException {
        List<ModelRef> chain = agents.of(Agents.ALPHA).models();
        if (!models.capable(chain)) {
            return Optional.empty();
        }
        var request = new ChatRequest(
                List.of(
                        new ChatMessage(ChatMessage.Speaker.SYSTEM, question.instruction()),
                        new ChatMessage(ChatMessage.Speaker.USER, question.text())),
                Optional.of(question.schema()),
                OptionalInt.of(TOKENS_MAX),
                OptionalDouble.of(0),
                "");
        return models.tryAsk(turn.owner(), Agents.ALPHA.breaker(), chain, request, PATIENCE)
                .flatMap(answer -> spoken.read(question, answer));
    }

    private void write(Turn turn, long fence, String text) {
        var completion = new Turns.Completion(MODEL, text, 0, 0, "stop");
        boolean mine = turns.complete(
                turn, fence, completion, List.of(EventDraft.token(text), EventDraft.completed(0, 0, "stop")));
        if (!mine) {
            throw new IllegalStateException("a turn whose row is held was taken over");
        }
    }

    /// An answer that is made anew makes the same schedule, which is there already.
    private TurnId first(Turn turn) {
        Turn at = turn;
        for (int i = 0; i < REGENERATIONS_MAX && at.regenerates().isPresent(); i++) {
            at = turns.find(turn.owner(), at.regenerates().get());
        }
        return at.id();
    }
}
