package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.http.EgressAddress;
import dev.steward.resilience.AdaptiveLimit;
import dev.steward.resilience.CircuitBreaker;
import dev.steward.resilience.RetryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What stands before one backend: its breaker, its limit, its budget for retries, its figures. Safe for use by many
/// threads.
final class BackendGate {

    private final Backend backend;
    private final CircuitBreaker breaker;
    private final AdaptiveLimit limit;
    private final RetryBudget budget;
    private final Function<String, EgressAddress> address;
    private final Map<String, EgressAddress> addresses = new ConcurrentHashMap<>();
    private final Timer firstToken;
    private final Timer whole;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Runnable suspicion;
    private volatile boolean streams;
    private volatile long lastSuccessMillis;
    private final Map<ModelException.Kind, Counter> failures = new EnumMap<>(ModelException.Kind.class);

    /// @param address   makes the address of a path of this backend
    /// @param suspicion called when a failure suggests to look at the backend again; must be quick
    BackendGate(
            Backend backend,
            CircuitBreaker breaker,
            AdaptiveLimit limit,
            RetryBudget budget,
            Function<String, EgressAddress> address,
            MeterRegistry metrics,
            Runnable suspicion) {
        this.suspicion = requireNonNull(suspicion, "suspicion");
        this.backend = requireNonNull(backend, "backend");
        this.breaker = requireNonNull(breaker, "breaker");
        this.limit = requireNonNull(limit, "limit");
        this.budget = requireNonNull(budget, "budget");
        this.address = requireNonNull(address, "address");
        String name = backend.name();
        firstToken = Timer.builder("steward.model.first.token")
                .description("From the request to the first token of an answer")
                .tag("backend", name)
                .register(metrics);
        whole = Timer.builder("steward.model.answer")
                .description("Whole answers of a backend")
                .tag("backend", name)
                .register(metrics);
        promptTokens = tokens(metrics, name, "prompt");
        completionTokens = tokens(metrics, name, "completion");
        for (ModelException.Kind kind : ModelException.Kind.values()) {
            failures.put(
                    kind,
                    Counter.builder("steward.model.failures")
                            .description("Calls to a backend that failed")
                            .tag("backend", name)
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(metrics));
        }
    }

    private static Counter tokens(MeterRegistry metrics, String backend, String kind) {
        return Counter.builder("steward.model.tokens")
                .description("Tokens as the backend counted them")
                .tag("backend", backend)
                .tag("kind", kind)
                .register(metrics);
    }

    Backend backend() {
        return backend;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    AdaptiveLimit limit() {
        return limit;
    }

    RetryBudget budget() {
        return budget;
    }

    /// Where a path of the backend's API is. Few paths are ever asked: each is read and checked once.
    EgressAddress address(String path) {
        return addresses.computeIfAbsent(path, address);
    }

    /// The first token of a stream came after `time`.
    void firstToken(AdaptiveLimit.Slot slot, Duration time) {
        streams = true;
        slot.measured(time);
        firstToken.record(time);
    }

    /// An answer in one piece came after `time`. Its time for each token says something about the backend; but where
    /// streams tell the time to the first token, the two must not be mixed.
    void onePiece(AdaptiveLimit.Slot slot, Duration time, Usage usage) {
        if (!streams && usage.completionTokens() > 0) {
            slot.measured(time.dividedBy(usage.completionTokens()));
        }
    }

    /// When the backend last gave a whole answer, in milliseconds since 1970; 0 if it never did.
    long lastSuccessMillis() {
        return lastSuccessMillis;
    }

    void countWhole(Duration time, Usage usage, long nowMillis) {
        lastSuccessMillis = nowMillis;
        whole.record(time);
        if (usage.promptTokens() > 0) {
            promptTokens.increment(usage.promptTokens());
        }
        if (usage.completionTokens() > 0) {
            completionTokens.increment(usage.completionTokens());
        }
    }

    void countFailure(ModelException.Kind kind) {
        Counter counter = failures.get(kind);
        if (counter != null) {
            counter.increment();
        }
        if (kind == ModelException.Kind.CONNECTION
                || kind == ModelException.Kind.TIMEOUT
                || kind == ModelException.Kind.MODEL_NOT_AVAILABLE) {
            suspicion.run();
        }
    }
}
