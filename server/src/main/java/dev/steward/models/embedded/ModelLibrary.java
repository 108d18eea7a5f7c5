package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models of this machine: what can be installed, what is, and what is on its way.
///
/// A request to install is a file, `<id>.wanted`, until it is fulfilled or taken back: a killed Steward goes on at its
/// next start. Failures are tried again with growing rests. One model is fetched at a time.
///
/// Safe for use by many threads.
public final class ModelLibrary implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLibrary.class);

    /// Rest after the first failure; doubles up to the other.
    private static final Duration REST = Duration.ofSeconds(10);

    /// Also the longest time from the network's return to the next try.
    private static final Duration REST_MAX = Duration.ofMinutes(2);

    /// How long a stopped installation may take to let go of its files.
    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final Catalogue catalogue;
    private final ModelInstaller installer;
    private final Path directory;
    private final Duration rest;
    private final Semaphore fetching = new Semaphore(1, true);
    private final ReentrantLock changing = new ReentrantLock();
    private final ConcurrentHashMap<String, Job> jobs = new ConcurrentHashMap<>();
    private boolean closed; // guarded by changing

    ModelLibrary(Catalogue catalogue, ModelInstaller installer, Path directory) {
        this(catalogue, installer, directory, REST);
    }

    ModelLibrary(Catalogue catalogue, ModelInstaller installer, Path directory, Duration rest) {
        this.catalogue = requireNonNull(catalogue, "catalogue");
        this.installer = requireNonNull(installer, "installer");
        this.directory = requireNonNull(directory, "directory");
        this.rest = requireNonNull(rest, "rest");
    }

    /// One installation, running or resting.
    private static final class Job {
        private final Thread thread;
        private volatile @Nullable InstallProgress progress;
        private volatile String message = "";

        Job(Runnable work, String name) {
            thread = Thread.ofVirtual().name("install-" + name).unstarted(work);
        }
    }

    /// Goes on with what a former run did not finish.
    void start() {
        catalogue.models().stream().filter(m -> Files.exists(wanted(m))).forEach(this::begin);
    }

    /// Every model of the catalogue, best first.
    public List<ModelEntry> list() {
        return catalogue.models().stream().map(this::entry).toList();
    }

    /// @throws StewardException `not_found` if the catalogue has no such model
    public ModelEntry get(String id) {
        return entry(model(id));
    }

    /// Begins to install a model in the background, if it is not installed or on its way.
    ///
    /// @throws StewardException `not_found` if the catalogue has no such model
    public ModelEntry install(String id) {
        CatalogueModel model = model(id);
        if (!installer.installed(model)) {
            try {
                Files.createDirectories(directory);
                Files.writeString(wanted(model), "");
            } catch (IOException e) {
                throw new StewardException(
                        dev.steward.base.ErrorCode.SERVICE_UNAVAILABLE,
                        dev.steward.base.ErrorCode.SERVICE_UNAVAILABLE.status(),
                        Saying.MODELS_UNWRITABLE.said(),
                        null,
                        List.of(),
                        e);
            }
            begin(model);
        }
        return entry(model);
    }

    /// Installs a model and waits for it. For the terminal, when no server runs.
    ///
    /// @param source a file or https address to try first; empty: only the catalogue's
    public void installAndWait(String id, String source, Consumer<InstallProgress> progress)
            throws InstallException, InterruptedException {
        installer.install(source.isEmpty() ? model(id) : preferring(model(id), source), progress);
    }

    /// Stops a model's installation and deletes what there is of it.
    ///
    /// @return whether there was anything
    public boolean remove(String id) {
        CatalogueModel model = model(id);
        changing.lock();
        try {
            Files.deleteIfExists(wanted(model));
            stop(jobs.remove(model.id()));
            return installer.remove(model);
        } catch (IOException | InstallException e) {
            throw new StewardException(
                    dev.steward.base.ErrorCode.SERVICE_UNAVAILABLE,
                    409,
                    String.valueOf(e.getMessage()),
                    null,
                    List.of(),
                    e);
        } finally {
            changing.unlock();
        }
    }

    /// Stops all work; it goes on at the next start.
    @Override
    public void close() {
        changing.lock();
        try {
            closed = true;
        } finally {
            changing.unlock();
        }
        jobs.values().forEach(job -> job.thread.interrupt());
        jobs.values().forEach(ModelLibrary::stop);
    }

    /// The file of an installed model.
    Optional<Path> file(CatalogueModel model) {
        return installer.installed(model) ? Optional.of(installer.file(model)) : Optional.empty();
    }

    /// Usable room on the disk of the models.
    long freeBytes() {
        return installer.freeBytes();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    private CatalogueModel model(String id) {
        return catalogue.find(id).orElseThrow(() -> new UnknownModelException(id, known()));
    }

    private String known() {
        return catalogue.models().stream().map(CatalogueModel::id).collect(Collectors.joining(", "));
    }

    private static CatalogueModel preferring(CatalogueModel model, String source) {
        ModelSource first = source.startsWith("https://") || source.startsWith("http://")
                ? new ModelSource.Url(uri(source))
                : new ModelSource.LocalFile(Path.of(source).toAbsolutePath());
        List<ModelSource> all = new java.util.ArrayList<>(List.of(first));
        all.addAll(model.sources());
        return new CatalogueModel(
                model.id(),
                model.displayName(),
                model.bytes(),
                model.sha256(),
                model.licence(),
                model.languages(),
                model.notes(),
                model.memoryBytes(),
                all);
    }

    private static java.net.URI uri(String text) {
        try {
            return java.net.URI.create(text);
        } catch (IllegalArgumentException _) {
            throw StewardException.invalid(
                    List.of(new FieldFault("source", "format", "write an https address or the path of a file")));
        }
    }

    private ModelEntry entry(CatalogueModel model) {
        if (installer.installed(model)) {
            return ModelEntry.of(model, ModelEntry.State.INSTALLED, Optional.empty(), "");
        }
        Job job = jobs.get(model.id());
        InstallProgress progress = job == null ? null : job.progress;
        ModelEntry.State state = job == null
                ? ModelEntry.State.ABSENT
                : progress == null ? ModelEntry.State.WAITING : ModelEntry.State.INSTALLING;
        long present = installer.present(model);
        Optional<InstallProgress> shown = progress == null && present > 0
                ? Optional.of(new InstallProgress(present, model.bytes(), 0, ""))
                : Optional.ofNullable(progress);
        return ModelEntry.of(model, state, shown, job == null ? "" : job.message);
    }

    private void begin(CatalogueModel model) {
        changing.lock();
        try {
            Job old = jobs.get(model.id());
            if (!closed && (old == null || !old.thread.isAlive())) {
                var job = new Job(() -> work(model), model.id());
                jobs.put(model.id(), job);
                job.thread.start();
            }
        } finally {
            changing.unlock();
        }
    }

    private void work(CatalogueModel model) {
        try {
            int failures = 0;
            while (!attempt(model)) {
                failures++;
                Duration pause = rest.multipliedBy(1L << Math.min(failures - 1, 10));
                Thread.sleep(pause.compareTo(REST_MAX) > 0 ? REST_MAX : pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean attempt(CatalogueModel model) throws InterruptedException {
        Job job = jobs.get(model.id());
        if (job == null) {
            throw new InterruptedException();
        }
        var told = new Told(model.id());
        fetching.acquire();
        try {
            installer.install(model, progress -> {
                job.progress = progress;
                told.at(progress);
            });
            Files.deleteIfExists(wanted(model));
            LOG.atInfo().addKeyValue("model", model.id()).log("built-in model installed");
            return true;
        } catch (InstallException | IOException e) {
            job.message = e.getMessage() + " " + Saying.TRIED_BY_ITSELF.english();
            LOG.atWarn()
                    .addKeyValue("model", model.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("built-in model not installed yet");
            return false;
        } finally {
            job.progress = null;
            fetching.release();
        }
    }

    /// Tells the log at each quarter of the way.
    private static final class Told {
        private final String id;
        private int quarter = -1;

        Told(String id) {
            this.id = id;
        }

        void at(InstallProgress progress) {
            int now = progress.percent() / 25;
            if (now > quarter) {
                quarter = now;
                LOG.atInfo()
                        .addKeyValue("model", id)
                        .addKeyValue("percent", progress.percent())
                        .addKeyValue("bytes", progress.bytes())
                        .addKeyValue("bytes_total", progress.bytesTotal())
                        .addKeyValue("bytes_per_second", progress.bytesPerSecond())
                        .addKeyValue("source", progress.source())
                        .log("installing the built-in model");
            }
        }
    }

    private static void stop(@Nullable Job job) {
        if (job == null) {
            return;
        }
        job.thread.interrupt();
        try {
            job.thread.join(STOP_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Path wanted(CatalogueModel model) {
        return directory.resolve(model.id() + ".wanted");
    }
}
