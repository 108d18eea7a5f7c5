package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.StewardServer;
import dev.steward.config.ConfigFault;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.config.ResolvedSetting;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `steward config …`: looks at the configuration without starting anything.
@Command(
        name = "config",
        description = "Look at the configuration without starting the server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {

    private final Console console;

    ConfigCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Command(
            name = "check",
            description = "Name every fault of the configuration; exit code 0 without, 78 with faults.",
            mixinStandardHelpOptions = true)
    int check(@Mixin Settings settings) {
        return switch (settings.load(console)) {
            case LoadResult.Loaded(Configuration configuration) -> {
                String read =
                        configuration.file().map(f -> "read " + f).orElse("no file, defaults and environment only");
                console.out().println("The configuration is good (" + read + ").");
                console.out().flush();
                yield 0;
            }
            case LoadResult.Refused refused -> refuse(refused.faults());
        };
    }

    @Command(
            name = "show",
            description = "Print each setting in force with the place it comes from; secrets are hidden.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Settings settings) {
        return switch (settings.load(console)) {
            case LoadResult.Loaded(Configuration configuration) -> {
                console.out()
                        .println("# data directory: " + configuration.home().path());
                configuration.settings().forEach(this::print);
                console.out().flush();
                yield 0;
            }
            case LoadResult.Refused refused -> refuse(refused.faults());
        };
    }

    @Command(
            name = "reference",
            description = "Print the reference page of all settings, in Markdown.",
            mixinStandardHelpOptions = true)
    int reference() {
        console.out().print(StewardServer.configLoader().referencePage());
        console.out().flush();
        return 0;
    }

    private void print(ResolvedSetting setting) {
        String value = setting.value().isEmpty() ? "(not set)" : setting.value();
        console.out().printf("%-44s %-32s # %s%n", setting.key(), Printable.line(value), setting.where());
    }

    private int refuse(List<ConfigFault> faults) {
        faults.forEach(fault -> console.out().println(Printable.line(fault.toString())));
        console.error(
                faults.size() == 1
                        ? "the configuration has a fault"
                        : "the configuration has " + faults.size() + " faults");
        return CliException.CONFIGURATION;
    }
}
