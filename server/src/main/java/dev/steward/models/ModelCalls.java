package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.http.EgressAddress;
import dev.steward.http.EgressBody;
import dev.steward.http.EgressPool;
import dev.steward.resilience.AdaptiveLimit;
import dev.steward.resilience.AdaptiveLimitConfig;
import dev.steward.resilience.Breakers;
import dev.steward.resilience.Deadline;
import dev.steward.resilience.RecoveryLadder;
import dev.steward.resilience.RetryBudget;
import dev.steward.resilience.RetryPolicy;
import dev.steward.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What every call of this room needs: the way out, the watch over deadlines, the rules. Safe for use by many threads.
///
/// @param clock for what is told to people; deadlines are monotonic
record ModelCalls(
        EgressPool pool,
        DeadlineWatch watch,
        ModelsSettings.Timeouts timeouts,
        ChatLimits limits,
        Breakers breakers,
        RetryPolicy retry,
        RecoveryLadder recovery,
        InstantSource clock,
        Tracing tracing) {

    /// A backend that is silent on a plain call gets this share of the whole time, so that others can be asked.
    private static final int PLAIN_SHARE = 3;

    /// What a model on a machine of its owner may take for each token of a long prompt: two processors without a
    /// graphics card read about 40 tokens a second when they are idle.
    static final Duration READING_PER_TOKEN = Duration.ofMillis(100);

    /// As many tokens fit into the first token's own time.
    static final int PROMPT_TOKENS_COVERED = 1_000;

    private static final int BYTES_PER_TOKEN = 4;

    ModelCalls {
        requireNonNull(pool, "pool");
        requireNonNull(watch, "watch");
        requireNonNull(timeouts, "timeouts");
        requireNonNull(limits, "limits");
        requireNonNull(breakers, "breakers");
        requireNonNull(retry, "retry");
        requireNonNull(recovery, "recovery");
        requireNonNull(clock, "clock");
        requireNonNull(tracing, "tracing");
    }

    /// Begins a call's way along `hops`.
    ///
    /// @param promptBytes how much the model is given to read, roughly
    /// @throws ModelException nobody may be asked
    Passage passage(List<Hop> hops, String caller, long promptBytes, CallHandle handle) {
        Duration reading = hops.stream()
                .flatMap(hop -> hop.gate().stream())
                .map(gate -> reading(gate.backend(), promptBytes))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Passage(
                hops,
                caller,
                caller.isEmpty() ? null : breakers.get(caller),
                retry,
                recovery,
                clock,
                Deadline.in(timeouts.total().plus(reading)),
                handle);
    }

    /// The same by another way out.
    ModelCalls through(EgressPool other) {
        return new ModelCalls(other, watch, timeouts, limits, breakers, retry, recovery, clock, tracing);
    }

    /// What stands before a backend from now on. Its address is reachable from here on, wherever it is.
    ///
    /// @param suspicion called when a failure suggests to look at the backend again; must be quick
    BackendGate gate(Backend backend, MeterRegistry metrics, Runnable suspicion) {
        pool.trust(backend.url());
        return new BackendGate(
                backend,
                breakers.get("backend_" + backend.name()),
                new AdaptiveLimit(AdaptiveLimitConfig.defaults()),
                new RetryBudget(),
                path -> address(backend, path),
                metrics,
                suspicion);
    }

    /// A streamed call to one backend, ready to be sent.
    LiveCall stream(BackendGate gate, String model, String path, EgressBody body, Deadline deadline) {
        Duration first = timeouts.firstToken().plus(reading(gate.backend(), body.length()));
        return live(gate.backend(), model, gate.address(path), body, first, deadline);
    }

    /// A call for an answer in one piece, ready to be sent.
    ///
    /// @param last whether nobody else is left to ask
    LiveCall plain(BackendGate gate, String model, String path, EgressBody body, boolean last, Deadline deadline) {
        Duration share = timeouts.total().dividedBy(PLAIN_SHARE);
        Duration first = timeouts.firstToken().compareTo(share) > 0 ? timeouts.firstToken() : share;
        Duration reading = reading(gate.backend(), body.length());
        return live(
                gate.backend(),
                model,
                gate.address(path),
                body,
                (last ? timeouts.total() : first).plus(reading),
                deadline);
    }

    /// What a prompt may take to be read, beside the first token's own time: nothing at those who serve many from large
    /// machines.
    static Duration reading(Backend backend, long promptBytes) {
        long tokens = promptBytes / BYTES_PER_TOKEN - PROMPT_TOKENS_COVERED;
        boolean slow = backend.privacy() == Backend.Privacy.LOCAL;
        return slow && tokens > 0 ? READING_PER_TOKEN.multipliedBy(tokens) : Duration.ZERO;
    }

    /// A question about a backend rather than to a model, ready to be sent.
    LiveCall look(Backend backend, String path, @Nullable EgressBody body, Deadline deadline) {
        return live(backend, "", address(backend, path), body, deadline.left(), deadline);
    }

    private LiveCall live(
            Backend backend,
            String model,
            EgressAddress address,
            @Nullable EgressBody body,
            Duration first,
            Deadline deadline) {
        return new LiveCall(
                backend,
                model,
                pool.open(address, body == null ? "GET" : "POST", trace(), body, timeouts.connect(), Duration.ZERO),
                watch,
                clock,
                timeouts,
                first,
                deadline);
    }

    private static EgressAddress address(Backend backend, String path) {
        Map<String, String> headers = backend.apiKey()
                .map(key -> Map.of("Content-Type", "application/json", "Authorization", "Bearer " + key.value()))
                .orElse(Map.of("Content-Type", "application/json"));
        return new EgressAddress(backend.at(path), headers);
    }

    /// The trace goes on at the backend (W3C Trace Context).
    private Map<String, String> trace() {
        return tracing.current()
                .map(trace -> Map.of("traceparent", trace.header()))
                .orElse(Map.of());
    }
}
