package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// All circuit breakers of this process by name: one for each agent, backend, channel and server (RES-1).
///
/// Their state is kept over restarts by whoever listens. Safe for use by many threads.
public final class Breakers {

    /// Most breakers at once; names come from configuration, so more than this is a mistake, not load.
    public static final int BREAKERS_MAX = 10_000;

    private final BreakerConfig defaults;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final BreakerListener listener;
    private final ConcurrentHashMap<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    /// @param defaults for breakers that are asked for without a configuration of their own
    /// @param nanoTime monotonic time, as [System#nanoTime] gives it
    /// @param listener hears of every change of state
    public Breakers(BreakerConfig defaults, InstantSource clock, LongSupplier nanoTime, BreakerListener listener) {
        this.defaults = requireNonNull(defaults, "defaults");
        this.clock = requireNonNull(clock, "clock");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.listener = requireNonNull(listener, "listener");
    }

    /// The breaker of that name, made closed if it is new.
    ///
    /// @throws IllegalStateException if there are [#BREAKERS_MAX] already
    public CircuitBreaker get(String name) {
        return get(name, defaults);
    }

    /// The same with a configuration of its own, which only the first caller sets.
    public CircuitBreaker get(String name, BreakerConfig config) {
        CircuitBreaker known = breakers.get(name);
        if (known != null) {
            return known;
        }
        if (breakers.size() >= BREAKERS_MAX) {
            throw new IllegalStateException("more than " + BREAKERS_MAX + " circuit breakers");
        }
        return breakers.computeIfAbsent(name, n -> new CircuitBreaker(n, config, clock, nanoTime, listener));
    }

    /// Every breaker, by name.
    public List<BreakerStatus> statuses() {
        return breakers.values().stream()
                .map(CircuitBreaker::status)
                .sorted(Comparator.comparing(BreakerStatus::name))
                .toList();
    }

    /// One breaker, if there is one of that name.
    public Optional<BreakerStatus> status(String name) {
        return Optional.ofNullable(breakers.get(name)).map(CircuitBreaker::status);
    }

    /// Closes a breaker by hand; empty if there is none of that name.
    public Optional<BreakerStatus> reset(String name) {
        return Optional.ofNullable(breakers.get(name)).map(breaker -> {
            breaker.reset();
            return breaker.status();
        });
    }

    /// Takes over what was saved before a restart.
    void restore(List<SavedBreaker> saved) {
        saved.stream().limit(BREAKERS_MAX).forEach(s -> get(s.name()).restore(s));
    }
}
