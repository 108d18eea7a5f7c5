package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.components.Component;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every backend there is, and what the last look at each showed. A background thread looks every [#LOOK_EVERY],
/// and soon after a failure; nobody who wants an answer ever waits for a look.
///
/// Safe for use by many threads.
final class Backends implements BackendRegistry, AutoCloseable {

    /// How old a look may be.
    static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    /// A storm of failures causes one look in this time.
    static final Duration LOOK_PAUSE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Backends.class);

    private final Discovery discovery;
    private final Supplier<List<ModelRef>> chain;
    private final Function<Backend, BackendGate> gates;
    private final Looking looking;
    private final Component component;
    private final InstantSource clock;
    private final ReentrantLock changes = new ReentrantLock();
    private final Semaphore due = new Semaphore(0);
    private final Thread looker;
    private volatile Map<String, Known> known;
    private volatile List<String> order = List.of();
    private volatile boolean localSeen;
    private volatile boolean closed;

    /// How a backend is asked what it serves.
    interface Looking {
        List<ServedModel> models(Backend backend) throws BackendFault, InterruptedException;
    }

    /// Where a backend comes from.
    enum Origin {
        /// The configuration names it.
        CONFIGURED,
        /// An administrator connected it while Steward ran.
        CONNECTED,
        /// Found by Steward.
        DISCOVERED,
        /// Part of Steward.
        ADDED
    }

    /// One backend.
    record Known(BackendGate gate, Origin origin, BackendView view) {

        Known {
            requireNonNull(gate, "gate");
            requireNonNull(origin, "origin");
            requireNonNull(view, "view");
        }

        Backend backend() {
            return gate.backend();
        }

        Known seen(BackendView now) {
            return new Known(gate, origin, now);
        }
    }

    /// @param chain     the default chain that somebody set; empty: none
    /// @param gates     builds what stands before a backend
    /// @param component reports whether any model can answer
    Backends(
            Discovery discovery,
            Supplier<List<ModelRef>> chain,
            Function<Backend, BackendGate> gates,
            Looking looking,
            Component component,
            InstantSource clock) {
        this.discovery = requireNonNull(discovery, "discovery");
        this.chain = requireNonNull(chain, "chain");
        this.gates = requireNonNull(gates, "gates");
        this.looking = requireNonNull(looking, "looking");
        this.component = requireNonNull(component, "component");
        this.clock = requireNonNull(clock, "clock");
        Map<String, Known> first = new LinkedHashMap<>();
        Origin origin = discovery.configured() ? Origin.CONFIGURED : Origin.DISCOVERED;
        for (Backend backend : discovery.backends()) {
            first.put(backend.name(), fresh(backend, origin));
        }
        known = Map.copyOf(first);
        looker = Thread.ofVirtual().name("backend-look").unstarted(this::run);
    }

    private Known fresh(Backend backend, Origin origin) {
        return new Known(gates.apply(backend), origin, BackendView.unknown(clock.instant()));
    }

    /// Begins to look, at once. Called once.
    void start() {
        looker.start();
    }

    @Override
    public void add(Backend backend) {
        changes.lock();
        try {
            Known before = known.get(backend.name());
            if (before != null && before.origin() == Origin.CONFIGURED) {
                throw new IllegalArgumentException(
                        "the configuration has a backend with the name " + backend.name() + " already");
            }
            put(backend.name(), fresh(backend, Origin.ADDED));
        } finally {
            changes.unlock();
        }
        lookSoon();
    }

    @Override
    public void remove(String name) {
        changes.lock();
        try {
            Known before = known.get(name);
            if (before != null && before.origin() == Origin.ADDED) {
                put(name, null);
            }
        } finally {
            changes.unlock();
        }
        report();
    }

    /// Makes these the connected ones, in this order; others that were connected before are gone. One whose name
    /// belongs to another kind is left out.
    void connected(List<Backend> backends) {
        changes.lock();
        try {
            Map<String, Known> changed = new LinkedHashMap<>(known);
            List<String> names = backends.stream().map(Backend::name).toList();
            changed.values()
                    .removeIf(one -> one.origin() == Origin.CONNECTED
                            && !names.contains(one.backend().name()));
            for (Backend backend : backends) {
                Known before = changed.get(backend.name());
                boolean ours = before == null || before.origin() == Origin.CONNECTED;
                if (ours && (before == null || !before.backend().equals(backend))) {
                    changed.put(backend.name(), fresh(backend, Origin.CONNECTED));
                }
            }
            if (changed.equals(known) && names.equals(order)) {
                return;
            }
            order = names;
            known = Map.copyOf(changed);
        } finally {
            changes.unlock();
        }
        lookSoon();
    }

    /// Replaces one entry; the caller holds the lock.
    private void put(String name, @Nullable Known next) {
        Map<String, Known> changed = new LinkedHashMap<>(known);
        if (next == null) {
            changed.remove(name);
        } else {
            changed.put(name, next);
        }
        known = Map.copyOf(changed);
    }

    Optional<BackendGate> gate(String name) {
        return Optional.ofNullable(known.get(name)).map(Known::gate);
    }

    Optional<Known> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /// Every backend: those of the configuration, those that were connected, those that were found, the others;
    /// each group in its own order.
    List<Known> all() {
        List<String> listed = new ArrayList<>();
        discovery.backends().forEach(backend -> listed.add(backend.name()));
        listed.addAll(order);
        return known.values().stream()
                .sorted(Comparator.comparing(Known::origin)
                        .thenComparingInt(one -> listed.indexOf(one.backend().name()))
                        .thenComparing(one -> one.backend().name()))
                .toList();
    }

    List<ServedModel> served() {
        return all().stream()
                .filter(one -> one.view().available())
                .flatMap(one -> one.view().models().stream())
                .toList();
    }

    /// The models that make vectors, of every backend that answers.
    List<ServedModel> embedders() {
        return all().stream()
                .filter(one -> one.view().available())
                .flatMap(one -> one.view().embedders().stream())
                .toList();
    }

    /// The backends that do not answer. An address where one might be found, and never was, is none.
    List<AwayBackend> away() {
        return all().stream()
                .filter(one -> !one.view().available())
                .filter(one -> one.origin() != Origin.DISCOVERED || !served(one).isEmpty())
                .map(one -> new AwayBackend(one.backend().name(), served(one)))
                .toList();
    }

    private static List<ServedModel> served(Known one) {
        return Stream.concat(one.view().models().stream(), one.view().embedders().stream())
                .toList();
    }

    /// The models that an empty chain stands for, whether they can answer now or not.
    List<ModelRef> route() {
        List<ModelRef> set = chain.get();
        if (!set.isEmpty()) {
            return set;
        }
        List<Known> all = all();
        Stream<Known> allowed = discovery.configured() ? configuredOrder(all) : discoveredOrder(all);
        return allowed.flatMap(
                        one -> discovery.preferred(one.backend(), one.view().models()).stream())
                .toList();
    }

    /// Nothing is said about failover, so nothing may go further away or cost more than the first backend does.
    private static Stream<Known> configuredOrder(List<Known> all) {
        return all.stream()
                .filter(one -> !one.backend().worseThan(all.getFirst().backend()));
    }

    /// What was connected, then Ollama on this machine, then what was added, which is local. What leaves this
    /// network or costs money only if nothing else was ever seen by this process, so that its end never sends a
    /// conversation away: whoever wants that says so in an order.
    private Stream<Known> discoveredOrder(List<Known> all) {
        return all.stream()
                .filter(one -> one.origin() == Origin.ADDED
                        || (one.backend().privacy() == Backend.Privacy.LOCAL
                                && one.backend().cost() == Backend.Cost.FREE)
                        || !localSeen);
    }

    /// The model to ask of a backend when nobody said which.
    Optional<ModelRef> model(Known one) {
        return discovery.preferred(one.backend(), one.view().models());
    }

    /// The models that an empty chain stands for; empty when none can answer by the last look.
    List<ModelRef> defaultChain() {
        List<ModelRef> route = route();
        boolean any = route.stream()
                .map(ref -> known.get(ref.backend()))
                .anyMatch(one ->
                        one != null && (one.view().available() || !one.view().looked()));
        return any ? route : List.of();
    }

    /// Asks for a look; returns at once.
    void lookSoon() {
        if (due.availablePermits() == 0) {
            due.release();
        }
    }

    /// Looks at one backend now and returns what there is to see.
    Known look(Known one) throws InterruptedException {
        BackendView view;
        try {
            List<ServedModel> models = looking.models(one.backend());
            view = one.view().answered(models, clock.instant());
            if (one.origin() != Origin.ADDED && one.backend().privacy() == Backend.Privacy.LOCAL) {
                localSeen = true;
            }
        } catch (BackendFault fault) {
            view = one.view().failed(one.backend().name() + " " + fault.reason(), clock.instant());
        }
        Known seen = one.seen(view);
        keep(one, seen);
        return seen;
    }

    private void keep(Known before, Known seen) {
        changes.lock();
        try {
            Known now = known.get(before.backend().name());
            if (now == null || now.gate() != before.gate()) {
                return; // Removed or replaced while we looked.
            }
            put(before.backend().name(), seen);
        } finally {
            changes.unlock();
        }
        if (!before.view().looked() || before.view().available() != seen.view().available()) {
            log.atInfo()
                    .addKeyValue("backend", seen.backend().name())
                    .addKeyValue("available", seen.view().available())
                    .addKeyValue("models", seen.view().models().size())
                    .log("backend availability changed");
        }
    }

    private void run() {
        while (!closed) {
            try {
                lookAtAll();
                Thread.sleep(LOOK_PAUSE);
                if (due.tryAcquire(LOOK_EVERY.minus(LOOK_PAUSE).toMillis(), TimeUnit.MILLISECONDS)) {
                    due.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("looking at backends failed; it is tried again");
            }
        }
    }

    /// Looks at every backend, all at once.
    void lookAtAll() throws InterruptedException {
        List<Thread> looks = new ArrayList<>();
        for (Known one : all()) {
            looks.add(Thread.ofVirtual()
                    .name("backend-look-" + one.backend().name())
                    .start(() -> {
                        try {
                            look(one);
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                    }));
        }
        for (Thread look : looks) {
            look.join();
        }
        report();
    }

    /// Tells the component whether any model can answer.
    private void report() {
        boolean any = route().stream()
                .map(ref -> known.get(ref.backend()))
                .anyMatch(one -> one != null && one.view().available());
        if (any) {
            component.worked();
        } else {
            component.failed(problem());
        }
    }

    private String problem() {
        List<String> problems = all().stream()
                .filter(one -> !one.view().available() && one.view().looked())
                .map(one -> one.view().message())
                .toList();
        String what = problems.isEmpty() ? Saying.NO_MODEL_CONNECTED.english() : String.join("; ", problems);
        return what + ". " + Saying.QUESTIONS_KEPT.english();
    }

    /// When a backend last answered a question or a look.
    static Optional<Instant> lastSuccess(Known one) {
        long millis = one.gate().lastSuccessMillis();
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    public void close() {
        closed = true;
        looker.interrupt();
    }
}
