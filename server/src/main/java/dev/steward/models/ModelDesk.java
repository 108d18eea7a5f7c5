package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.Secret;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.database.Transactions;
import dev.steward.http.EgressException;
import dev.steward.http.EgressPool;
import dev.steward.resilience.Breakers;
import dev.steward.secrets.SecretSeal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What administrators change about models while Steward runs: connected servers and orders of failover. Changes
/// are committed first and take effect at once on this node, within [#REFRESH_EVERY] on others.
///
/// Safe for use by many threads.
public final class ModelDesk implements AutoCloseable {

    /// How old what another node stored may be here.
    static final Duration REFRESH_EVERY = Duration.ofSeconds(15);

    /// Names that other parts of Steward give to backends and models.
    private static final Set<String> RESERVED = Set.of("embedded", "steward");

    /// Longer than any name of a model in use.
    private static final int MODEL_LENGTH_MAX = 300;

    private static final Logger LOG = LoggerFactory.getLogger(ModelDesk.class);

    private final ModelDeskStore store;
    private final SecretSeal seal;
    private final Backends backends;
    private final ModelChains chains;
    private final List<String> configuredChain;
    private final Breakers breakers;
    private final Transactions transactions;
    private final AtomicLong begun = new AtomicLong();
    private final ReentrantLock applying = new ReentrantLock();
    private final Thread refresher;
    private long applied;
    private volatile Set<String> keysLost = Set.of();

    /// @param configuredChain the default order of the configuration; empty: none
    ModelDesk(
            ModelDeskStore store,
            SecretSeal seal,
            Backends backends,
            ModelChains chains,
            List<String> configuredChain,
            Breakers breakers,
            Transactions transactions) {
        this.store = requireNonNull(store, "store");
        this.seal = requireNonNull(seal, "seal");
        this.backends = requireNonNull(backends, "backends");
        this.chains = requireNonNull(chains, "chains");
        this.configuredChain = List.copyOf(configuredChain);
        this.breakers = requireNonNull(breakers, "breakers");
        this.transactions = requireNonNull(transactions, "transactions");
        this.refresher = Thread.ofVirtual().name("model-desk").unstarted(this::run);
    }

    /// Reads what is stored, so that nobody is asked who was taken out of the order, then looks again and again.
    void start() {
        refresh();
        refresher.start();
    }

    @Override
    public void close() {
        refresher.interrupt();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(REFRESH_EVERY);
                refresh();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("stored model servers could not be read; what is known stays");
            }
        }
    }

    /// Reads what is stored and puts it in force. Of two at once, the one that read last counts.
    void refresh() {
        long mine = begun.incrementAndGet();
        List<ModelDeskStore.Row> rows = store.backends();
        Map<String, List<ModelRef>> orders = store.chains();
        Set<String> lost = new HashSet<>();
        List<Backend> connected = new ArrayList<>();
        for (ModelDeskStore.Row row : rows) {
            Optional<Secret> key = key(row);
            if (row.sealedKey() != null && key.isEmpty()) {
                lost.add(row.name());
            }
            connected.add(backend(row, key));
        }
        applying.lock();
        try {
            if (mine > applied) {
                applied = mine;
                keysLost = Set.copyOf(lost);
                chains.keep(orders);
                backends.connected(connected);
            }
        } finally {
            applying.unlock();
        }
    }

    /// Whether the stored key of a server can't be opened on this node: its key file is another one.
    boolean keyLost(String name) {
        return keysLost.contains(name);
    }

    /// Connects a server.
    ///
    /// @param id the same for a repeat of the same request, which changes nothing
    Backends.Known connect(UUID id, BackendForm form) {
        List<FieldFault> faults = new ArrayList<>();
        Optional<Backend> read = form.read(faults);
        if (read.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        Backend backend = read.get();
        checkAddress(backend);
        Optional<ModelDeskStore.Row> before = store.backend(backend.name());
        if (before.filter(row -> row.id().equals(id)).isPresent()) {
            return found(backend.name());
        }
        if (before.isPresent()
                || RESERVED.contains(backend.name())
                || backends.find(backend.name()).isPresent()) {
            throw taken(backend.name());
        }
        if (!store.insert(row(id, backend))) {
            throw store.backend(backend.name()).isPresent()
                    ? taken(backend.name())
                    : conflict(Saying.BACKENDS_MAX.said(BackendsSettings.BACKENDS_MAX));
        }
        LOG.atInfo().addKeyValue("backend", backend.name()).log("A model server was connected");
        refresh();
        return found(backend.name());
    }

    /// Changes a connected server.
    Backends.Known change(String name, BackendChange change) {
        ModelDeskStore.Row before = stored(name);
        List<FieldFault> faults = new ArrayList<>();
        String url = change.url() == null ? before.url().toString() : change.url();
        String given = change.apiKey();
        var form = new BackendForm(
                name,
                before.kind(),
                url,
                given,
                change.privacy() == null ? before.privacy() : change.privacy(),
                change.cost() == null ? before.cost() : change.cost());
        Optional<Backend> read = form.read(faults);
        if (read.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        Backend backend = read.get();
        checkAddress(backend);
        ModelDeskStore.Row next = row(before.id(), backend);
        if (given == null) {
            if (before.sealedKey() != null && !backend.url().equals(before.url())) {
                throw StewardException.invalid("api_key", "required", Saying.BACKEND_KEY_AGAIN.said());
            }
            next = new ModelDeskStore.Row(
                    next.id(), next.name(), next.kind(), next.url(), before.sealedKey(), next.privacy(), next.cost());
        }
        if (!store.update(next)) {
            throw StewardException.notFound("backend");
        }
        LOG.atInfo().addKeyValue("backend", name).log("A connected model server was changed");
        refresh();
        breakers.reset("backend_" + name);
        return found(name);
    }

    /// Takes a connected server away, also out of the stored orders. Answers that it is giving end by themselves.
    void disconnect(String name) {
        stored(name);
        transactions.inOne(() -> store.delete(name));
        LOG.atInfo().addKeyValue("backend", name).log("A connected model server was removed");
        refresh();
    }

    /// The server of a form that is to be tried. Without a key of its own, the stored one of the same name is taken
    /// if it was meant for the same address.
    Backend trial(BackendForm form) {
        List<FieldFault> faults = new ArrayList<>();
        Backend backend = form.read(faults).orElseThrow(() -> StewardException.invalid(faults));
        if (backend.apiKey().isPresent()) {
            return backend;
        }
        return store.backend(backend.name())
                .filter(row -> row.url().equals(backend.url()))
                .map(row -> backend(row, key(row)))
                .orElse(backend);
    }

    /// The default order of failover.
    ChainView defaultOrder() {
        return ChainView.of(chains.of(ModelChains.DEFAULT), configuredChain, backends.route());
    }

    /// Sets an order of failover.
    ///
    /// @param scope [ModelChains#DEFAULT], or the name of an agent
    public void order(String scope, ChainChange change) {
        List<FieldFault> faults = new ArrayList<>();
        List<ModelRef> models = new ArrayList<>();
        List<String> texts = change.models();
        if (texts.isEmpty() || texts.size() > ModelsSettings.CHAIN_MAX) {
            faults.add(new FieldFault("models", "length", Saying.MODELS_COUNT.said(ModelsSettings.CHAIN_MAX)));
        }
        for (String text : texts) {
            known(text, faults).ifPresent(models::add);
        }
        if (new HashSet<>(models).size() < models.size()) {
            faults.add(new FieldFault("models", "unique", Saying.MODELS_ONCE.said()));
        }
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        store.putChain(scope, models);
        LOG.atInfo()
                .addKeyValue("scope", scope)
                .addKeyValue("models", models.size())
                .log("An order of failover was set");
        refresh();
    }

    /// Goes back to the configuration's order.
    public void resetOrder(String scope) {
        store.removeChain(scope);
        LOG.atInfo().addKeyValue("scope", scope).log("An order of failover was reset");
        refresh();
    }

    private Optional<ModelRef> known(String text, List<FieldFault> faults) {
        try {
            ModelRef model = ModelRef.parse(text);
            if (text.length() <= MODEL_LENGTH_MAX
                    && backends.find(model.backend()).isPresent()) {
                return Optional.of(model);
            }
            faults.add(new FieldFault("models", "one_of", Saying.MODEL_WITHOUT_SERVER.said(shown(text))));
        } catch (IllegalArgumentException e) {
            faults.add(new FieldFault("models", "format", Wording.read(String.valueOf(e.getMessage()))));
        }
        return Optional.empty();
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private Backends.Known found(String name) {
        return backends.find(name).orElseThrow(() -> StewardException.notFound("backend"));
    }

    private ModelDeskStore.Row stored(String name) {
        return store.backend(name)
                .orElseThrow(() -> backends.find(name).isEmpty()
                        ? StewardException.notFound("backend")
                        : conflict(Saying.BACKEND_NOT_CONNECTED_HERE.said()));
    }

    private ModelDeskStore.Row row(UUID id, Backend backend) {
        byte @Nullable [] sealed = backend.apiKey()
                .map(key -> seal.seal(key, purpose(backend.name(), backend.url())))
                .orElse(null);
        return new ModelDeskStore.Row(
                id, backend.name(), backend.kind(), backend.url(), sealed, backend.privacy(), backend.cost());
    }

    private Optional<Secret> key(ModelDeskStore.Row row) {
        return Optional.ofNullable(row.sealedKey()).flatMap(key -> seal.open(key, purpose(row.name(), row.url())));
    }

    /// Binds a key to its server: moved to another row or beside another address, it can't be opened.
    private static String purpose(String name, URI url) {
        return "model_backend\n" + name + "\n" + url;
    }

    private static Backend backend(ModelDeskStore.Row row, Optional<Secret> key) {
        return new BackendsSettings.Entry(
                        row.name(), row.kind(), row.url(), key, Optional.of(row.privacy()), Optional.of(row.cost()))
                .toBackend();
    }

    private void checkAddress(Backend backend) {
        try {
            EgressPool.check(backend.url());
        } catch (EgressException e) {
            throw StewardException.invalid("url", "format", Wording.read(String.valueOf(e.getMessage())));
        }
    }

    private static StewardException taken(String name) {
        return StewardException.invalid("name", "unique", Saying.BACKEND_NAME_TAKEN.said(name));
    }

    private static StewardException conflict(Wording message) {
        return new StewardException(ErrorCode.VALIDATION_ERROR, 409, message, null, List.of(), null);
    }
}
