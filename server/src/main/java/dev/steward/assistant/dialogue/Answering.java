package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.AgentsSettings.AgentSettings;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.assistant.output.FailureWords;
import dev.steward.assistant.output.FailureWords.Told;
import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.conversations.EventDraft;
import dev.steward.conversations.Said;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnEventKind;
import dev.steward.conversations.Turns;
import dev.steward.models.AnswerEvent;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelException;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.resilience.RecoveryAttempt;
import dev.steward.resilience.RecoveryLevel;
import dev.steward.resilience.RecoveryListener;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskPostponedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt at answering a turn: who, from what, by which model, and what comes of it.
///
/// Safe for use by many threads; holds nothing between calls.
final class Answering {

    /// Longest answer, in characters. The gateway has a limit too; this one guards the tables.
    static final int ANSWER_CHARS_MAX = 400_000;

    /// Attempts of one turn that may fail because of a model. The gateway has already tried every backend in
    /// each.
    static final int FAILURES_MAX = 5;

    /// Text is written at least this often, so a reader is at most this far behind the model.
    static final Duration FLUSH = Duration.ofMillis(50);

    /// Characters that are written at once, without waiting for the time.
    static final int FLUSH_CHARS = 2_048;

    /// Between two looks at a model that gives nothing; only bounds how long a lost turn keeps its call open.
    private static final Duration IDLE = Duration.ofSeconds(5);

    /// After this long without a word the reader is told why, and then each time it has doubled.
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration RETRY_FIRST = Duration.ofSeconds(2);
    private static final Duration RETRY_MAX = Duration.ofMinutes(5);
    private static final Duration WAIT_MIN = Duration.ofSeconds(2);
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);
    private static final String WAITING = "wait_for_model";
    private static final String BACKOFF = "backoff_retry";

    private static final Logger log = LoggerFactory.getLogger(Answering.class);

    private final DirectAnswers direct;
    private final Turns turns;
    private final ModelGateway gateway;
    private final Briefing briefing;
    private final LiveAgents agents;
    private final DialogueSettings settings;
    private final FollowUps followUps;
    private final Line line;
    private final RecoveryListener recovery;
    private final InstantSource clock;

    /// @param direct tried first
    Answering(
            DirectAnswers direct,
            Turns turns,
            ModelGateway gateway,
            Briefing briefing,
            LiveAgents agents,
            DialogueSettings settings,
            FollowUps followUps,
            Line line,
            RecoveryListener recovery,
            InstantSource clock) {
        this.direct = requireNonNull(direct, "direct");
        this.turns = requireNonNull(turns, "turns");
        this.gateway = requireNonNull(gateway, "gateway");
        this.briefing = requireNonNull(briefing, "briefing");
        this.agents = requireNonNull(agents, "agents");
        this.settings = requireNonNull(settings, "settings");
        this.followUps = requireNonNull(followUps, "followUps");
        this.line = requireNonNull(line, "line");
        this.recovery = requireNonNull(recovery, "recovery");
        this.clock = requireNonNull(clock, "clock");
    }

    /// Answers a turn that was just taken over with this attempt's fence, and reports how it grows. Returns when it
    /// has ended or belongs to somebody else now.
    ///
    /// @throws TaskPostponedException it has to wait for a model, or tries again later
    /// @throws StewardException       it failed for good, as its last event says
    void answer(Turn taken, TaskAttempt attempt) throws InterruptedException, TaskPostponedException {
        long fence = attempt.fence();
        Said said = turns.said(taken.id());
        // Once an agent is found, the turn was begun with a model and stays with it.
        if (taken.agent().isEmpty() && direct.answer(taken, fence)) {
            line.moveUp(taken);
            return;
        }
        attempt.progress(AnswerText.progress(said.text().length()));
        var text = new AnswerText(said.text());
        if (wasCutOff(said)) {
            text.note(EventDraft.recovery(2, "resume", "continued", FailureWords.RESUMED));
        }
        Turn turn = taken;
        Optional<Try> trying = underWay(said);
        try {
            if (tooLong(taken, fence, text)) {
                return;
            }
            Optional<Turn> assigned = briefing.assign(taken, fence);
            if (assigned.isEmpty()) {
                return;
            }
            turn = assigned.get();
            Agent agent = Agents.get(turn.agent().orElseThrow());
            List<ModelRef> chain = chain(turn, agent);
            Briefing.Brief brief = briefing.brief(turn, agent, chain);
            while (true) {
                var request = request(agent, brief).continuing(text.text());
                try (var pump = new AnswerPump(gateway.chat(turn.owner(), agent.breaker(), chain, request))) {
                    AnswerEvent.Done done = write(turn, attempt, text, pump);
                    complete(turn, fence, text, done, brief);
                    tell(turn, trying, RecoveryAttempt.Outcome.RECOVERED);
                    return;
                } catch (ModelException e) {
                    boolean lessWouldDo = e.kind() == ModelException.Kind.PROMPT_TOO_LONG
                            && brief.window().kept() > 0;
                    if (!lessWouldDo) {
                        throw e;
                    }
                    text.finish();
                    brief = briefing.narrower(turn, agent, brief);
                }
            }
        } catch (TurnLostException _) {
            log.atInfo().addKeyValue("turn_id", turn.id()).log("the turn was stopped or taken over; this attempt ends");
        } catch (ModelException e) {
            if (trying.filter(attempted -> attempted.level() == RecoveryLevel.BACKOFF_RETRY)
                    .isPresent()) {
                tell(turn, trying, RecoveryAttempt.Outcome.FAILED);
            }
            recover(turn, fence, said, text, e);
        }
    }

    /// The turn's own strategy that this attempt carries out: after the gateway has used its first three levels, a
    /// turn tries again later, or keeps the question and says so.
    ///
    /// @param level what was announced when the attempt before it ended
    private record Try(RecoveryLevel level, String errorKind, Instant at, long began) {}

    private Optional<Try> underWay(Said said) {
        return said.last()
                .filter(event -> event.kind() == TurnEventKind.RECOVERY)
                .flatMap(event -> switch (Jsons.field(event.data(), "strategy")) {
                    case WAITING -> Optional.of(trying(RecoveryLevel.DEGRADED, "no_model"));
                    case BACKOFF -> Optional.of(trying(RecoveryLevel.BACKOFF_RETRY, "model_failed"));
                    default -> Optional.empty();
                });
    }

    private Try trying(RecoveryLevel level, String errorKind) {
        return new Try(level, errorKind, clock.instant(), System.nanoTime());
    }

    private void tell(Turn turn, Optional<Try> trying, RecoveryAttempt.Outcome outcome) {
        trying.ifPresent(attempted -> recovery.attempted(new RecoveryAttempt(
                turn.agent().flatMap(Agents::find).map(Agent::breaker).orElse("turn"),
                attempted.errorKind(),
                attempted.level(),
                outcome,
                attempted.at(),
                Duration.ofNanos(System.nanoTime() - attempted.began()))));
    }

    /// Ends a turn whose message no model of its chain can read whole: nothing is asked, nothing is left out in
    /// silence.
    private boolean tooLong(Turn turn, long fence, AnswerText text) {
        Agent agent = turn.agent().or(turn::agentAsked).flatMap(Agents::find).orElse(Agents.ALPHA);
        Optional<Told> told = text.length() > 0 ? Optional.empty() : briefing.tooLong(turn, agent, chain(turn, agent));
        told.ifPresent(words -> end(turn, fence, text, words));
        return told.isPresent();
    }

    /// Writes down what comes, in batches, each committed before anybody sees it.
    private AnswerEvent.Done write(Turn turn, TaskAttempt attempt, AnswerText text, AnswerPump pump)
            throws InterruptedException, TurnLostException {
        long fence = attempt.fence();
        long flushed = System.nanoTime() - FLUSH.toNanos();
        var silence = new Silence(SILENCE);
        while (true) {
            long due = flushed + FLUSH.toNanos() - System.nanoTime();
            boolean waiting = text.pendingSize() > 0;
            if (waiting && (due <= 0 || text.pendingSize() >= FLUSH_CHARS)) {
                flush(turn, fence, text);
                attempt.progress(AnswerText.progress(text.length()));
                flushed = System.nanoTime();
                continue;
            }
            Optional<AnswerEvent> event = pump.poll(waiting ? Duration.ofNanos(due) : IDLE);
            if (event.isEmpty()) {
                if (!waiting && !turns.append(turn.id(), fence, silence.look(0, 0))) {
                    throw new TurnLostException();
                }
                continue;
            }
            switch (event.get()) {
                case AnswerEvent.Text(String piece) -> {
                    silence.end();
                    text.append(piece);
                }
                case AnswerEvent.Reading(int read, int total) -> {
                    List<EventDraft> told = silence.look(read, total);
                    if (!told.isEmpty() && !turns.append(turn.id(), fence, told)) {
                        throw new TurnLostException();
                    }
                }
                case AnswerEvent.Reset(int offset) -> text.reset(offset);
                case AnswerEvent.Failover(int level, String strategy, String outcome, Wording message) ->
                    text.note(EventDraft.recovery(level, strategy, outcome, message));
                case AnswerEvent.Done done -> {
                    text.finish();
                    return done;
                }
            }
            if (text.length() > ANSWER_CHARS_MAX) {
                throw Failures.tooLong();
            }
        }
    }

    private void flush(Turn turn, long fence, AnswerText text) throws TurnLostException {
        if (!turns.append(turn.id(), fence, text.drain())) {
            throw new TurnLostException();
        }
    }

    private void complete(Turn turn, long fence, AnswerText text, AnswerEvent.Done done, Briefing.Brief brief)
            throws TurnLostException {
        if (text.text().isBlank()) {
            throw Failures.nothingSaid();
        }
        var usage = done.usage();
        List<EventDraft> events = new ArrayList<>(text.drain());
        events.add(EventDraft.completed(usage.promptTokens(), usage.completionTokens(), done.finishReason()));
        var completion = new Turns.Completion(
                done.by().toString(), text.text(), usage.promptTokens(), usage.completionTokens(), done.finishReason());
        if (!turns.complete(turn, fence, completion, events)) {
            throw new TurnLostException();
        }
        log.atInfo()
                .addKeyValue("turn_id", turn.id())
                .addKeyValue("agent", turn.agent().orElse(""))
                .addKeyValue("model", done.by())
                .addKeyValue("completion_tokens", usage.completionTokens())
                .log("turn completed");
        line.moveUp(turn);
        followUps.after(turn, brief);
    }

    private void recover(Turn turn, long fence, Said said, AnswerText text, ModelException cause)
            throws TaskPostponedException {
        text.finish();
        ModelException failure = inTermsOfTheChoice(turn, cause);
        ModelException.Kind kind = failure.kind();
        Duration age = Duration.between(turn.created(), clock.instant());
        switch (remedyFor(turn, kind)) {
            case WAIT -> {
                if (age.compareTo(settings.waitForModel()) >= 0) {
                    throw fail(turn, fence, text, FailureWords.waitedTooLong(age), failure);
                }
                boolean saidSo = text.pendingSize() == 0 && isWaiting(said);
                if (!saidSo) {
                    text.note(EventDraft.recovery(4, WAITING, "waiting", FailureWords.WAITING));
                }
                release(turn, fence, text, false);
                throw new TaskPostponedException(clamp(age.dividedBy(4), WAIT_MIN, WAIT_MAX), "no model: " + kind);
            }
            case TRY_AGAIN -> {
                if (turn.failures() + 1 >= FAILURES_MAX) {
                    throw fail(turn, fence, text, FailureWords.failed(failure, text.length() > 0), failure);
                }
                text.note(EventDraft.recovery(2, BACKOFF, "scheduled", FailureWords.tryingAgain(kind)));
                release(turn, fence, text, true);
                Duration backoff = RETRY_FIRST.multipliedBy(1L << Math.min(turn.failures(), 10));
                throw new TaskPostponedException(
                        clamp(failure.retryAfter().orElse(backoff), RETRY_FIRST, RETRY_MAX), "model: " + kind);
            }
            case GIVE_UP -> {
                if (kind == ModelException.Kind.PROMPT_TOO_LONG) {
                    // The person's to change, and theirs alone: no dead letter.
                    end(turn, fence, text, FailureWords.failed(failure, text.length() > 0));
                    return;
                }
                throw fail(turn, fence, text, FailureWords.failed(failure, text.length() > 0), failure);
            }
        }
    }

    /// A backend that does not exist is a model that is not available, to the person who named it.
    private ModelException inTermsOfTheChoice(Turn turn, ModelException failure) {
        boolean chosen = turn.modelAsked().isPresent()
                && !gateway.defaultChain().isEmpty()
                && failure.kind() == ModelException.Kind.NO_BACKEND;
        return chosen
                ? new ModelException(
                        ModelException.Kind.MODEL_NOT_AVAILABLE,
                        failure.code(),
                        String.valueOf(failure.getMessage()),
                        null,
                        failure)
                : failure;
    }

    /// A model that the person named and that is not there, while others are, is the person's to choose anew.
    private Failures.Remedy remedyFor(Turn turn, ModelException.Kind kind) {
        boolean chosen = kind == ModelException.Kind.MODEL_NOT_AVAILABLE
                && turn.modelAsked().isPresent()
                && !gateway.defaultChain().isEmpty();
        return chosen ? Failures.Remedy.GIVE_UP : Failures.remedy(kind);
    }

    private void release(Turn turn, long fence, AnswerText text, boolean failed) {
        turns.release(turn.id(), fence, failed, text.drain());
    }

    /// Ends the turn, and its task with it: as a dead letter, which the operator sees.
    private StewardException fail(Turn turn, long fence, AnswerText text, Told told, ModelException cause) {
        Optional<String> fix = FailureWords.forOperators(cause.kind(), cause.code());
        fix.ifPresent(suggestion -> {
            text.note(EventDraft.recovery(5, "manual", "operator_told", FailureWords.OPERATOR_TOLD));
            log.atError()
                    .addKeyValue("turn_id", turn.id())
                    .addKeyValue("agent", turn.agent().orElse(""))
                    .addKeyValue("kind", cause.kind())
                    .addKeyValue("code", cause.code())
                    .addKeyValue("failures", turn.failures())
                    .addKeyValue("models", chainNames(turn))
                    .addKeyValue("turn_trace_id", turn.traceId())
                    .addKeyValue("suggestion", suggestion)
                    .log("a question could not be answered and needs a person");
        });
        end(turn, fence, text, told);
        String kind = cause.kind().name().toLowerCase(Locale.ROOT);
        tell(turn, Optional.of(trying(RecoveryLevel.MANUAL, kind)), RecoveryAttempt.Outcome.FAILED);
        String detail = told.detail()
                + fix.map(words -> " " + Saying.FOR_OPERATORS.english() + " " + words)
                        .orElse("");
        return new StewardException(ErrorCode.INTERNAL_ERROR, detail, told.failure());
    }

    private String chainNames(Turn turn) {
        List<ModelRef> chain = turn.modelAsked().isPresent() ? List.of() : gateway.defaultChain();
        return turn.modelAsked().orElse(chain.toString());
    }

    private void end(Turn turn, long fence, AnswerText text, Told told) {
        String problem = Jsons.problem(told, turn.id(), turn.traceId());
        List<EventDraft> events = new ArrayList<>(text.drain());
        events.add(EventDraft.failed(problem));
        if (turns.fail(turn, fence, text.text(), problem, events)) {
            line.moveUp(turn);
        }
    }

    private List<ModelRef> chain(Turn turn, Agent agent) {
        return turn.modelAsked().isPresent()
                ? List.of(ModelRef.parse(turn.modelAsked().get()))
                : agents.of(agent).models();
    }

    private ChatRequest request(Agent agent, Briefing.Brief brief) {
        AgentSettings own = agents.of(agent);
        return new ChatRequest(
                brief.window().messages(),
                Optional.empty(),
                own.maxTokens().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                own.temperature().map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                "");
    }

    /// An attempt that ended by itself said so in its last event; one that ends with text was cut off.
    private static boolean wasCutOff(Said said) {
        return said.last()
                .filter(e -> e.kind() == TurnEventKind.TOKEN || e.kind() == TurnEventKind.RESET)
                .isPresent();
    }

    private static boolean isWaiting(Said said) {
        return said.last()
                .filter(e -> e.kind() == TurnEventKind.RECOVERY)
                .filter(e -> Jsons.field(e.data(), "strategy").equals(WAITING))
                .isPresent();
    }

    private static Duration clamp(Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0) {
            return least;
        }
        return value.compareTo(most) > 0 ? most : value;
    }
}
