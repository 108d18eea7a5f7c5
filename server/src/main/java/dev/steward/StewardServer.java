package dev.steward;

import static java.util.Objects.requireNonNull;

import dev.steward.components.ComponentRegistry;
import dev.steward.config.ConfigFault;
import dev.steward.config.ConfigLoader;
import dev.steward.config.ConfigSources;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.identity.LocalKey;
import dev.steward.models.ModelGateway;
import dev.steward.web.HttpConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/// Starts the server, says in plain words how that went, and stops it on SIGTERM or Ctrl-C.
///
/// Nothing is built before the whole configuration is known to be good. What a person reads is one line without a
/// stack trace; the trace is in the log.
public final class StewardServer {

    /// Exit codes, of sysexits.h where it has one.
    public static final int OK = 0;
    /// A needed service is not to be had: the database, the port.
    public static final int UNAVAILABLE = 69;
    /// A mistake of ours.
    public static final int INTERNAL = 70;
    /// The configuration has faults.
    public static final int CONFIGURATION = 78;

    private static final Logger LOG = LoggerFactory.getLogger(StewardServer.class);

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;

    /// @param terminal whether a line on `out` can be written over
    public StewardServer(PrintStream out, PrintStream err, boolean terminal) {
        this.out = requireNonNull(out, "out");
        this.err = requireNonNull(err, "err");
        this.terminal = terminal;
    }

    /// Every setting that this version knows.
    public static ConfigLoader configLoader() {
        return new ConfigLoader(Sections.ALL);
    }

    /// Is told when the server is ready.
    @FunctionalInterface
    public interface ReadyListener {

        /// @param address where it listens
        /// @param stop    stops it, as Ctrl-C does
        void ready(URI address, Runnable stop);
    }

    /// Runs until it is told to stop.
    ///
    /// @return an exit code
    public int run(ConfigSources sources) {
        return run(sources, (_, _) -> {});
    }

    /// Runs until it is told to stop.
    ///
    /// @param listener called on this thread
    /// @return an exit code
    public int run(ConfigSources sources, ReadyListener listener) {
        long start = System.nanoTime();
        return switch (configLoader().load(sources)) {
            case LoadResult.Refused refused -> {
                explain(refused.faults());
                yield CONFIGURATION;
            }
            case LoadResult.Loaded(Configuration configuration) -> run(configuration, start, listener);
        };
    }

    private int run(Configuration configuration, long start, ReadyListener listener) {
        try {
            Preconditions.check(configuration);
        } catch (StartException e) {
            err.println("steward: " + e.getMessage());
            return e.exitCode();
        }
        var request = new StopRequest(() -> {
            out.println("Stopping: work in progress is finished or kept for the next start.");
            out.flush();
        });
        stopOnSignals(request);
        ConfigurableApplicationContext context;
        try {
            context = application(configuration, request).run();
        } catch (RuntimeException | Error e) {
            return request.made() ? OK : failed(e, configuration);
        }
        var stopped = new CountDownLatch(1);
        request.stopBy(() -> stop(context, stopped));
        provideLocalKey(context, configuration);
        URI address = ReadyMessage.address(context, configuration);
        if (request.made()) {
            return await(stopped);
        }
        out.println(ReadyMessage.of(address, configuration, Duration.ofNanos(System.nanoTime() - start)));
        out.flush();
        keepAddress(configuration, address);
        tellAboutModels(context);
        listener.ready(address, request::make);
        int exit = await(stopped);
        forgetAddress(configuration);
        return exit;
    }

    static SpringApplication application(Configuration configuration, StopRequest request) {
        var application = new SpringApplication(StewardApplication.class);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> provide(context, configuration));
        application.addInitializers(request::watch);
        return application;
    }

    /// Offers every section's record and the home as beans, and tells Spring's own server where to listen.
    private static void provide(ConfigurableApplicationContext context, Configuration configuration) {
        var http = configuration.get(HttpConfig.class);
        Map<String, Object> spring = Map.of(
                "server.address", http.host(),
                "server.port", http.port(),
                "server.shutdown", "graceful",
                "steward.home", configuration.home().path().toString());
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("steward", spring));
        var beans = context.getBeanFactory();
        beans.registerSingleton("configuration", configuration);
        beans.registerSingleton("home", configuration.home());
        for (Record section : configuration.records()) {
            beans.registerSingleton(section.getClass().getName(), section);
        }
    }

    /// Without it people sign in on this machine as from elsewhere: no reason not to serve.
    private static void provideLocalKey(ConfigurableApplicationContext context, Configuration configuration) {
        try {
            context.getBean(LocalKey.class).provide(configuration.home().path());
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("the key for the terminal on this machine could not be made");
        }
    }

    /// Without it the terminal here asks at the configured address: no reason not to serve.
    private static void keepAddress(Configuration configuration, URI address) {
        try {
            ServerAddress.write(configuration.home().path(), address);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the server's address could not be written into the data directory");
        }
    }

    private static void forgetAddress(Configuration configuration) {
        try {
            ServerAddress.forget(configuration.home().path());
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the server's address could not be taken out of the data directory");
        }
    }

    private void tellAboutModels(ConfigurableApplicationContext context) {
        context.getBeanProvider(ModelGateway.class).stream()
                .findFirst()
                .ifPresent(models ->
                        new ModelNews(models, context.getBean(ComponentRegistry.class), out, terminal).start());
    }

    private void explain(List<ConfigFault> faults) {
        err.println("steward: the configuration has " + (faults.size() == 1 ? "a fault" : faults.size() + " faults")
                + "; nothing was started.");
        faults.forEach(fault -> err.println("  " + fault));
    }

    /// The stack trace goes to a file: nobody has to read one on the terminal.
    private int failed(Throwable failure, Configuration configuration) {
        StartException cause = StartException.of(failure);
        String details = keepDetails(failure, configuration.home().path().resolve("logs"));
        LOG.atError()
                .addKeyValue("exit_code", cause.exitCode())
                .addKeyValue("details", details)
                .log("start failed");
        boolean ours = cause.exitCode() == INTERNAL && !details.isEmpty();
        err.println("steward: " + cause.getMessage() + (ours ? " Details: " + details : ""));
        return cause.exitCode();
    }

    /// @return the file; empty if it can't be written, which is then the smaller trouble
    private static String keepDetails(Throwable failure, Path directory) {
        Path file = directory.resolve("start-failure.log");
        try {
            Files.createDirectories(directory);
            try (var writer = new PrintWriter(Files.newBufferedWriter(file))) {
                failure.printStackTrace(writer);
            }
            return file.toString();
        } catch (IOException e) {
            return "";
        }
    }

    /// The first signal drains; a second one does not wait for that.
    private static void stopOnSignals(StopRequest request) {
        for (String signal : List.of("INT", "TERM")) {
            Signals.register(signal, () -> {
                if (!request.make()) {
                    Runtime.getRuntime().halt(128 + (signal.equals("INT") ? 2 : 15));
                }
            });
        }
    }

    private static void stop(ConfigurableApplicationContext context, CountDownLatch stopped) {
        Thread.ofPlatform().name("stop").start(() -> {
            try {
                context.close();
            } finally {
                stopped.countDown();
            }
        });
    }

    private static int await(CountDownLatch stopped) {
        try {
            stopped.await();
            return OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OK;
        }
    }
}
