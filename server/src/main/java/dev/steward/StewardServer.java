package dev.steward;

import static java.util.Objects.requireNonNull;

import dev.steward.config.ConfigFault;
import dev.steward.config.ConfigLoader;
import dev.steward.config.ConfigSources;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.web.HttpConfig;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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

    public StewardServer(PrintStream out, PrintStream err) {
        this.out = requireNonNull(out, "out");
        this.err = requireNonNull(err, "err");
    }

    /// Every setting that this version knows.
    public static ConfigLoader configLoader() {
        return new ConfigLoader(Sections.ALL);
    }

    /// Runs until it is told to stop.
    ///
    /// @return an exit code
    public int run(ConfigSources sources) {
        long start = System.nanoTime();
        return switch (configLoader().load(sources)) {
            case LoadResult.Refused refused -> {
                explain(refused.faults());
                yield CONFIGURATION;
            }
            case LoadResult.Loaded(Configuration configuration) -> run(configuration, start);
        };
    }

    private int run(Configuration configuration, long start) {
        try {
            Preconditions.check(configuration);
        } catch (StartException e) {
            err.println("steward: " + e.getMessage());
            return e.exitCode();
        }
        ConfigurableApplicationContext context;
        try {
            context = application(configuration).run();
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
        var stopped = new CountDownLatch(1);
        stopOnSignals(context, stopped);
        out.println(ReadyMessage.of(context, configuration, Duration.ofNanos(System.nanoTime() - start)));
        out.flush();
        return await(stopped);
    }

    static SpringApplication application(Configuration configuration) {
        var application = new SpringApplication(StewardApplication.class);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> provide(context, configuration));
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

    private void explain(List<ConfigFault> faults) {
        err.println("steward: the configuration has " + (faults.size() == 1 ? "a fault" : faults.size() + " faults")
                + "; nothing was started.");
        faults.forEach(fault -> err.println("  " + fault));
    }

    private int failed(Throwable failure) {
        LOG.atError().setCause(failure).log("start failed");
        StartException cause = StartException.of(failure);
        err.println("steward: " + cause.getMessage());
        return cause.exitCode();
    }

    /// The first signal drains; a second one does not wait for that.
    private void stopOnSignals(ConfigurableApplicationContext context, CountDownLatch stopped) {
        var stopping = new AtomicBoolean();
        for (String signal : List.of("INT", "TERM")) {
            Signals.register(signal, () -> {
                if (!stopping.compareAndSet(false, true)) {
                    Runtime.getRuntime().halt(128 + (signal.equals("INT") ? 2 : 15));
                }
                Thread.ofPlatform().name("stop").start(() -> {
                    out.println("Stopping: work in progress is finished or kept for the next start.");
                    try {
                        context.close();
                    } finally {
                        stopped.countDown();
                    }
                });
            });
        }
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
