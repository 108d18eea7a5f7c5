package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.StewardServer;
import dev.steward.config.ConfigSources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `steward run`: the server, in this process.
@Command(
        name = "run",
        description = "Start the server and serve until Ctrl-C or SIGTERM.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 stopped by you, 69 a needed service is not to be had (port, database),",
            "70 a mistake in Steward, 78 faults in the configuration."
        })
final class RunCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final Settings settings = new Settings();

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on; 0 takes a free one.")
    private @Nullable String port;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "What this process does: all, api or worker (default: all).")
    private @Nullable String role;

    @Option(names = "--no-model", description = "Don't install the built-in model by itself.")
    private boolean noModel;

    RunCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() {
        Map<String, ConfigSources.Flag> flags = new LinkedHashMap<>();
        if (port != null) {
            flags.put("http.port", new ConfigSources.Flag("--port", port));
        }
        if (role != null) {
            flags.put("role", new ConfigSources.Flag("--role", role));
        }
        if (noModel) {
            flags.put("models.embedded.install", new ConfigSources.Flag("--no-model", "never"));
        }
        return new StewardServer(console.out(), console.err(), console.coloured())
                .run(settings.sources(console, flags));
    }
}
