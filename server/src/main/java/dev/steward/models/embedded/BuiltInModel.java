package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.base.Secret;
import dev.steward.components.Component;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.models.Backend;
import dev.steward.models.BackendRegistry;
import dev.steward.models.ModelsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides whether the built-in model is wanted, sees that it is installed, and offers it as the backend `embedded`.
///
/// It is wanted when the settings name it, or when nothing else serves a model. It steps back when something else has
/// served for [#OTHERS_STEADY]. Started and stopped with Steward; safe for use by many threads.
final class BuiltInModel implements AutoCloseable {

    /// Name of the backend; part of model names: `embedded/qwen2.5-coder-1.5b`.
    static final String NAME = "embedded";

    private static final Logger LOG = LoggerFactory.getLogger(BuiltInModel.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// How long nothing else may have served before it steps in: the first look at Ollama takes its time.
    private static final Duration OTHERS_ABSENT = Duration.ofSeconds(3);

    private static final Duration OTHERS_STEADY = Duration.ofSeconds(30);

    /// How long one look may go on when it is to end.
    private static final Duration WATCH_END_MAX = Duration.ofSeconds(10);

    private final ModelsSettings.Embedded settings;
    private final ModelLibrary library;
    private final EmbeddedModel model;
    private final EmbeddedModelServer server;
    private final String token;
    private final BackendRegistry backends;
    private final BooleanSupplier othersServe;
    private final Requirements requirements;
    private final Health health;
    private final Path workDirectory;
    private final Thread watcher;
    private boolean wanted;
    private long sinceNanos = System.nanoTime();
    private @Nullable String offered;
    private volatile boolean closed;

    BuiltInModel(
            ModelsSettings.Embedded settings,
            ModelLibrary library,
            EmbeddedModel model,
            EmbeddedModelServer server,
            String token,
            BackendRegistry backends,
            BooleanSupplier othersServe,
            Requirements requirements,
            Health health,
            Path workDirectory) {
        this.settings = requireNonNull(settings, "settings");
        this.library = requireNonNull(library, "library");
        this.model = requireNonNull(model, "model");
        this.server = requireNonNull(server, "server");
        this.token = requireNonNull(token, "token");
        this.backends = requireNonNull(backends, "backends");
        this.othersServe = requireNonNull(othersServe, "othersServe");
        this.requirements = requireNonNull(requirements, "requirements");
        this.health = requireNonNull(health, "health");
        this.workDirectory = requireNonNull(workDirectory, "workDirectory");
        this.watcher = Thread.ofVirtual().name("built-in-model").unstarted(this::watch);
    }

    /// The component `embedded-model`. It exists from the first thing told about it: a Steward that never needs the
    /// built-in model does not miss it.
    static final class Health implements EmbeddedModel.Report {

        private final ComponentRegistry registry;
        private final AtomicReference<@Nullable Component> component = new AtomicReference<>();

        Health(ComponentRegistry registry) {
            this.registry = requireNonNull(registry, "registry");
        }

        @Override
        public void worked() {
            component().worked();
        }

        @Override
        public void degraded(String message) {
            component().degraded(message);
        }

        @Override
        public void failed(String message) {
            component().failed(message);
        }

        private synchronized Component component() {
            Component known = component.get();
            if (known == null) {
                known = registry.register("embedded-model", Tier.EXTENDED);
                component.set(known);
            }
            return known;
        }
    }

    void start() throws IOException {
        Files.createDirectories(workDirectory);
        model.start();
        library.start();
        watcher.start();
    }

    /// Waits for its own threads and the process: afterwards nothing is written.
    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
        try {
            watcher.join(WATCH_END_MAX.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        library.close();
        server.close();
        model.close();
    }

    private void watch() {
        try {
            while (!closed) {
                look();
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the watch over the built-in model failed and ended");
            health.failed(Saying.BUILT_IN_UNWATCHED.english());
        }
    }

    private void look() {
        boolean explicit = settings.path().isPresent() || settings.model().isPresent();
        if (!explicit && !decided()) {
            return;
        }
        if (!explicit && !wanted) {
            withdraw();
            return;
        }
        Optional<String> missing = requirements.missing();
        if (missing.isPresent()) {
            withdraw();
            health.failed(missing.get());
            return;
        }
        chosen().ifPresentOrElse(this::offer, this::install);
    }

    /// Whether it is wanted, as far as that is known by now: changes of the others must last before they count.
    private boolean decided() {
        boolean others = othersServe.getAsBoolean();
        if (others != wanted) {
            sinceNanos = System.nanoTime();
            return true;
        }
        Duration lasting = others ? OTHERS_STEADY : OTHERS_ABSENT;
        if (System.nanoTime() - sinceNanos < lasting.toNanos()) {
            return false;
        }
        wanted = !others;
        return true;
    }

    /// The model to be served that is here already.
    private Optional<EmbeddedModel.Served> chosen() {
        if (settings.path().isPresent()) {
            Path file = settings.path().get().toAbsolutePath();
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "");
            return Files.isRegularFile(file) ? Optional.of(served(name, file)) : Optional.empty();
        }
        return library.catalogue().models().stream()
                .filter(m -> settings.model().map(m.id()::equals).orElse(true))
                .flatMap(m -> library.file(m).map(f -> served(m.id(), f)).stream())
                .findFirst();
    }

    private EmbeddedModel.Served served(String name, Path file) {
        int threads = Runtime.getRuntime().availableProcessors();
        return new EmbeddedModel.Served(
                name,
                new ModelProcess.Launch(
                        file,
                        settings.contextTokens(),
                        threads,
                        workDirectory,
                        ModelProcess.Launch.thisJava(workDirectory)));
    }

    private void offer(EmbeddedModel.Served served) {
        if (served.name().equals(offered)) {
            return;
        }
        offered = served.name();
        model.serve(served);
        backends.add(new Backend(
                NAME,
                Backend.Kind.OPENAI,
                server.url(),
                Optional.of(new Secret(token)),
                Backend.Privacy.LOCAL,
                Backend.Cost.FREE,
                Backend.Continuation.PREFILL));
        LOG.atInfo().addKeyValue("model", served.name()).log("using the basic built-in model");
    }

    private void withdraw() {
        if (offered != null) {
            offered = null;
            backends.remove(NAME);
            model.rest();
        }
    }

    /// The model that should be here is not.
    private void install() {
        withdraw();
        if (settings.path().isPresent()) {
            health.failed(Saying.BUILT_IN_FILE_MISSING.english(settings.path().get()));
            return;
        }
        if (settings.install() == ModelsSettings.Embedded.Install.NEVER) {
            health.failed(Saying.BUILT_IN_ABSENT.english());
            return;
        }
        Optional<CatalogueModel> choice = settings.model().isPresent()
                ? library.catalogue().find(settings.model().get())
                : automatic();
        if (choice.isEmpty()) {
            health.failed(
                    settings.model().isPresent()
                            ? Saying.BUILT_IN_UNKNOWN.english(settings.model().get())
                            : Saying.BUILT_IN_TOO_BIG.english());
            return;
        }
        ModelEntry entry = library.install(choice.get().id());
        boolean stuck =
                entry.state() != ModelEntry.State.INSTALLING && !entry.message().isEmpty();
        health.degraded(
                stuck
                        ? Saying.BUILT_IN_STUCK.english() + " " + entry.message()
                        : "The basic built-in model is being installed: "
                                + entry.progress().map(InstallProgress::words).orElse("it begins") + ".");
    }

    /// The model on its way if there is one, so that a change in free memory does not begin a second.
    private Optional<CatalogueModel> automatic() {
        Optional<CatalogueModel> begun = library.catalogue().models().stream()
                .filter(m -> library.get(m.id()).state() != ModelEntry.State.ABSENT)
                .findFirst();
        OptionalLong memory = requirements.availableMemoryBytes();
        return begun.isPresent() ? begun : library.catalogue().choice(memory, library.freeBytes());
    }
}
