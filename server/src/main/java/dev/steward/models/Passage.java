package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import dev.steward.models.ModelException.Kind;
import dev.steward.resilience.AdaptiveLimit;
import dev.steward.resilience.CircuitBreaker;
import dev.steward.resilience.Deadline;
import dev.steward.resilience.Importance;
import dev.steward.resilience.RecoveryLadder;
import dev.steward.resilience.RecoveryLevel;
import dev.steward.resilience.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One call's way along its chain: asks the breakers, waits for room, decides after each failure whether the same
/// backend is asked again, the next one, or none, and tells it in one sentence. Used by one thread.
final class Passage {

    /// Another backend answers at once, a wait does not: it comes before the waits. What is left after them, an
    /// honest word and a person's attention, is the caller's ([RecoveryLevel#DEGRADED], [RecoveryLevel#MANUAL]).
    static final RecoveryLadder.Order ORDER = (_, _) -> List.of(
            RecoveryLevel.IMMEDIATE_RETRY,
            RecoveryLevel.FALLBACK,
            RecoveryLevel.BACKOFF_RETRY,
            RecoveryLevel.DEGRADED,
            RecoveryLevel.MANUAL);

    private final List<Hop> hops;
    private final String caller;
    private final CircuitBreaker.@Nullable Permit callerPermit;
    private final RetryPolicy retry;
    private final RecoveryLadder ladder;
    private final InstantSource clock;
    private final Deadline deadline;
    private final CallHandle handle;
    private final Map<String, BackendFault> misses = new LinkedHashMap<>();

    private int at;
    private int attemptsHere;
    private CircuitBreaker.@Nullable Permit permit;
    private AdaptiveLimit.@Nullable Slot slot;
    private long attemptBegan;
    private boolean measured;
    private RecoveryLadder.@Nullable Climb climb;

    /// @param callerBreaker guards the caller's calls as wholes; `null`: none
    /// @throws ModelException the caller's breaker is open, or the chain is empty
    Passage(
            List<Hop> hops,
            String caller,
            @Nullable CircuitBreaker callerBreaker,
            RetryPolicy retry,
            RecoveryLadder ladder,
            InstantSource clock,
            Deadline deadline,
            CallHandle handle) {
        this.hops = List.copyOf(hops);
        this.caller = requireNonNull(caller, "caller");
        this.retry = requireNonNull(retry, "retry");
        this.ladder = requireNonNull(ladder, "ladder");
        this.clock = requireNonNull(clock, "clock");
        this.deadline = requireNonNull(deadline, "deadline");
        this.handle = requireNonNull(handle, "handle");
        if (hops.isEmpty()) {
            throw new ModelException(
                    Kind.NO_BACKEND,
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "No model is connected. Start Ollama, name a backend in steward.yaml, or install the built-in model"
                            + " with: steward model install",
                    null,
                    null);
        }
        this.callerPermit = callerBreaker == null ? null : admitted(callerBreaker);
    }

    private CircuitBreaker.Permit admitted(CircuitBreaker breaker) {
        return switch (breaker.ask()) {
            case CircuitBreaker.Permit given -> given;
            case CircuitBreaker.Refused refused ->
                throw exception(
                        open(refused),
                        caller
                                + " could not get an answer several times in a row and is left alone for now; it is tried"
                                + " again in " + wait(refused.retryAfter()) + ".");
        };
    }

    Hop hop() {
        return hops.get(at);
    }

    /// Whether this is the last model of the chain.
    boolean last() {
        return at == hops.size() - 1;
    }

    Deadline deadline() {
        return deadline;
    }

    /// Goes to the next backend that lets a call in, waiting for room if need be. Every [#enter] is followed by one of
    /// [#failed], [#done] and [#left].
    ///
    /// @throws ModelException there is none
    BackendGate enter(boolean visible) throws InterruptedException {
        while (true) {
            try {
                return enterHere();
            } catch (BackendFault fault) {
                choose(fault, visible, true);
            }
        }
    }

    private BackendGate enterHere() throws BackendFault, InterruptedException {
        BackendGate gate = hop().gate()
                .orElseThrow(() -> new BackendFault(
                        Kind.NO_BACKEND, "is not among the backends", Saying.MODELS_LISTED.english(), null));
        CircuitBreaker.Permit given = permit(gate);
        AdaptiveLimit.Admission room;
        try {
            room = handle.interruptibly(() -> gate.limit().enter(Importance.NORMAL, deadline));
        } catch (CallHandle.CancelledException _) {
            given.abandoned();
            throw new BackendFault(Kind.CONNECTION, "was told to stop", "", null);
        } catch (InterruptedException e) {
            given.abandoned();
            throw e;
        }
        switch (room) {
            case AdaptiveLimit.Refused refused -> {
                given.abandoned();
                throw new BackendFault(
                        Kind.OVERLOADED,
                        ErrorCode.RATE_LIMIT_EXCEEDED,
                        BackendFault.reason(Saying.BACKEND_FULL),
                        "",
                        refused.retryAfter(),
                        null);
            }
            case AdaptiveLimit.Slot got -> {
                slot = got;
                permit = given;
                if (gate.breaker().status().state() == CircuitBreaker.State.OPEN) {
                    // It opened while we waited for room: those before us found the backend down.
                    left();
                    permit(gate).abandoned();
                    throw new BackendFault(Kind.BREAKER_OPEN, BackendFault.reason(Saying.BACKEND_LEFT_ALONE), "", null);
                }
            }
        }
        attemptsHere++;
        measured = false;
        attemptBegan = System.nanoTime();
        if (attemptsHere == 1) {
            gate.budget().called();
        }
        return gate;
    }

    private static CircuitBreaker.Permit permit(BackendGate gate) throws BackendFault {
        return switch (gate.breaker().ask()) {
            case CircuitBreaker.Permit given -> given;
            case CircuitBreaker.Refused refused -> throw open(refused);
        };
    }

    private static BackendFault open(CircuitBreaker.Refused refused) {
        return new BackendFault(
                Kind.BREAKER_OPEN,
                ErrorCode.SERVICE_UNAVAILABLE,
                BackendFault.reason(Saying.BACKEND_TRIED_LATER, wait(refused.retryAfter())),
                "",
                refused.retryAfter(),
                null);
    }

    /// The backend began to answer. Returns the sentence to tell if something had to be overcome for that.
    Optional<AnswerEvent.Failover> answering(boolean visible) {
        if (!measured && slot != null) {
            measured = true;
            AdaptiveLimit.Slot room = slot;
            Duration time = Duration.ofNanos(System.nanoTime() - attemptBegan);
            hop().gate().ifPresent(gate -> gate.firstToken(room, time));
        }
        return recovered(visible);
    }

    /// An answer in one piece came. Returns the sentence to tell if something had to be overcome for that.
    Optional<AnswerEvent.Failover> answered(Usage usage) {
        if (slot != null) {
            AdaptiveLimit.Slot room = slot;
            Duration time = Duration.ofNanos(System.nanoTime() - attemptBegan);
            hop().gate().ifPresent(gate -> gate.onePiece(room, time, usage));
        }
        return recovered(false);
    }

    private Optional<AnswerEvent.Failover> recovered(boolean visible) {
        RecoveryLevel level = climb == null ? null : climb.level().orElse(null);
        if (climb == null || level == null) {
            return Optional.empty();
        }
        var failover = new AnswerEvent.Failover(
                level.level(),
                level == RecoveryLevel.FALLBACK ? "failover" : level.name().toLowerCase(Locale.ROOT),
                "recovered",
                sentence(visible));
        climb.worked();
        misses.clear();
        return Optional.of(failover);
    }

    /// The answer is whole.
    void done(Usage usage) {
        Duration time = Duration.ofNanos(System.nanoTime() - attemptBegan);
        hop().gate().ifPresent(gate -> gate.countWhole(time, usage, clock.millis()));
        if (permit != null) {
            permit.succeeded();
        }
        closeSlot();
        if (callerPermit != null) {
            callerPermit.succeeded();
        }
    }

    /// Nobody waits for the answer any more.
    void left() {
        if (permit != null) {
            permit.abandoned();
        }
        closeSlot();
    }

    /// The whole call ends without a word on how it went.
    void abandoned() {
        left();
        if (callerPermit != null) {
            callerPermit.abandoned();
        }
    }

    /// The attempt failed. Returns when the next one may begin.
    ///
    /// @param visible     whether text or a tool call was given to the caller already
    /// @param continuable whether another backend can go on from there
    /// @throws ModelException nobody is left to ask
    void failed(BackendFault fault, boolean visible, boolean continuable) throws InterruptedException {
        report(fault);
        choose(fault, visible, continuable);
    }

    private void report(BackendFault fault) {
        hop().gate().ifPresent(gate -> gate.countFailure(fault.kind()));
        if (permit != null) {
            if (handle.cancelled()) {
                permit.abandoned();
            } else if (fault.countsAgainstBackend()) {
                permit.failed();
            } else {
                permit.succeeded();
            }
        }
        if (slot != null && fault.kind() == Kind.OVERLOADED) {
            slot.overloaded();
        }
        closeSlot();
    }

    private void closeSlot() {
        if (slot != null) {
            slot.close();
        }
        slot = null;
        permit = null;
    }

    private void choose(BackendFault fault, boolean visible, boolean continuable) throws InterruptedException {
        String backend = hop().ref().backend();
        misses.remove(backend);
        misses.put(backend, fault);
        if (handle.cancelled()) {
            throw cancelled();
        }
        if (climb == null) {
            climb = ladder.climb();
        }
        if (!fault.mayGoElsewhere() || (visible && !continuable) || deadline.passed()) {
            climb.failed();
            throw giveUp(fault, visible);
        }
        boolean repeatable = fault.worthRepeating() || (visible && fault.kind() == Kind.TIMEOUT);
        String kind = fault.kind().name().toLowerCase(Locale.ROOT);
        Optional<RecoveryLevel> next = climb.next(backend, kind, level -> switch (level) {
            case IMMEDIATE_RETRY -> repeatable && immediately(fault);
            case FALLBACK -> goesOn();
            case BACKOFF_RETRY -> repeatable && waited(fault);
            case DEGRADED, MANUAL -> false;
        });
        if (next.isEmpty()) {
            throw giveUp(fault, visible);
        }
    }

    /// Whether there is another backend to go to.
    private boolean goesOn() {
        if (last()) {
            return false;
        }
        at++;
        attemptsHere = 0;
        return true;
    }

    /// Whether the same backend is asked again after a moment: the first time, unless it asked for a longer pause.
    private boolean immediately(BackendFault fault) throws InterruptedException {
        boolean may = attemptsHere == 1
                && retry.maxAttempts() > 1
                && fault.kind() != Kind.OVERLOADED
                && fault.retryAfter().isEmpty()
                && hop().gate().map(gate -> gate.budget().tryRetry()).orElse(false);
        if (may && !handle.sleep(shorter(RecoveryLadder.IMMEDIATE_WAIT, shorter(retry.base(), deadline.left())))) {
            throw cancelled();
        }
        return may;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// Waits for the last backend's next try; `false` if there is none.
    private boolean waited(BackendFault fault) throws InterruptedException {
        BackendGate gate = hop().gate().orElse(null);
        if (gate == null || attemptsHere == 0) {
            return false;
        }
        RetryPolicy.Decision decision = retry.decide(
                attemptsHere, fault.retryAfter().orElse(null), deadline, gate.budget(), ThreadLocalRandom.current());
        return switch (decision) {
            case RetryPolicy.Decision.GiveUp _ -> false;
            case RetryPolicy.Decision.Again(Duration wait) -> {
                if (!handle.sleep(wait)) {
                    throw cancelled();
                }
                yield true;
            }
        };
    }

    private ModelException cancelled() {
        abandoned();
        return CallHandle.cancellation();
    }

    private ModelException giveUp(BackendFault fault, boolean visible) {
        if (callerPermit != null) {
            if (fault.countsAgainstBackend()) {
                callerPermit.failed();
            } else {
                callerPermit.abandoned();
            }
        }
        String what = misses.size() == 1
                ? hop().ref().backend() + " " + fault.reason()
                : Saying.NO_MODEL_COULD.english() + " "
                        + misses.entrySet().stream()
                                .map(miss ->
                                        miss.getKey() + " " + miss.getValue().reason())
                                .collect(Collectors.joining("; "));
        return exception(
                fault,
                what + "." + (fault.help().isEmpty() ? "" : " " + fault.help())
                        + (visible ? " What was said so far stands, but it is not the whole answer." : ""));
    }

    private static ModelException exception(BackendFault fault, String message) {
        return new ModelException(
                fault.kind(), fault.code(), message, fault.retryAfter().orElse(null), fault);
    }

    /// Who goes on, and why; the phrases name kinds of failure, the English sentence what exactly happened.
    private Wording sentence(boolean visible) {
        String by = hop().ref().backend();
        List<Map.Entry<String, BackendFault>> others = misses.entrySet().stream()
                .filter(miss -> !miss.getKey().equals(by))
                .toList();
        if (others.isEmpty()) {
            BackendFault own = misses.get(by);
            return new Wording(
                    by + " " + (own == null ? "failed" : own.reason()) + " and was asked again"
                            + (visible ? "; the answer goes on where it stopped." : "."),
                    List.of(
                            missed(by, own == null ? Kind.BACKEND_ERROR : own.kind()),
                            new Phrase(visible ? Saying.ASKED_AGAIN_GOES_ON : Saying.ASKED_AGAIN, Map.of())));
        }
        List<Phrase> phrases = new ArrayList<>();
        String away = away();
        phrases.add(new Phrase(
                visible ? Saying.CONTINUED_BY : Saying.ANSWERED_BY,
                Map.of("backend", by, "where", away.replace(", ", "_").replaceAll("[() ]", ""))));
        others.forEach(miss -> phrases.add(missed(miss.getKey(), miss.getValue().kind())));
        String reasons = others.stream()
                .map(miss -> miss.getKey() + " " + miss.getValue().reason())
                .collect(Collectors.joining(" and "));
        return new Wording(
                (visible ? "Continued by " : "Answered by ") + by + away + " because " + reasons + ".", phrases);
    }

    private static Phrase missed(String backend, Kind kind) {
        return new Phrase(
                Saying.BACKEND_MISSED,
                Map.of("backend", backend, "kind", kind.name().toLowerCase(Locale.ROOT)));
    }

    /// Says so when the backend that took over is further away or costs money.
    private String away() {
        Optional<Backend> now = hop().gate().map(BackendGate::backend);
        Optional<Backend> first = hops.getFirst().gate().map(BackendGate::backend);
        if (now.isEmpty() || first.isEmpty() || !now.get().worseThan(first.get())) {
            return "";
        }
        boolean remote = now.get().privacy() == Backend.Privacy.REMOTE;
        boolean paid = now.get().cost() == Backend.Cost.PAID;
        return remote && paid ? " (remote, paid)" : remote ? " (remote)" : " (paid)";
    }

    private static String wait(Duration time) {
        return Math.max(1, time.toSeconds()) + " s";
    }
}
