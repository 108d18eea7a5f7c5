package dev.steward.cli;

import dev.steward.base.Version;
import dev.steward.config.Suggestion;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program `steward`.
@Command(
        name = "steward",
        description = "A self-hosted AI assistant that drops nothing.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = StewardCli.Numbers.class,
        subcommands = {
            RunCommand.class,
            ChatCommand.class,
            LoginCommand.class,
            LogoutCommand.class,
            TasksCommand.class,
            ModelCommand.class,
            ConfigCommand.class,
            VersionCommand.class,
            CompletionCommand.class,
            TrainCommand.class,
            CommandLine.HelpCommand.class
        },
        footerHeading = "%nBegin with%n",
        footer = {
            "  steward run                 start the server on this machine",
            "  steward chat \"Hello\"        ask something (in another terminal)",
            "",
            "steward COMMAND --help says more about a command."
        })
public final class StewardCli implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(execute(Console.ofThisProcess(), args));
    }

    /// @return the exit code
    static int execute(Console console, String... args) {
        var commands = new CommandLine(StewardCli.class, new Commands(console));
        commands.setOut(console.outWriter());
        commands.setErr(console.errWriter());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setParameterExceptionHandler((e, _) -> wrongUsage(e, console));
        commands.setExecutionExceptionHandler((e, _, _) -> failed(e, console));
        return commands.execute(args);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int wrongUsage(ParameterException e, Console console) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String meant = e instanceof UnmatchedArgumentException unmatched
                ? Suggestion.of(unmatched.getUnmatched().getFirst(), known(e.getCommandLine()))
                : "";
        console.error(fault(e) + "." + meant + " See: " + command + " --help");
        return CliException.USAGE;
    }

    private static String fault(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage());
        }
        String first = unmatched.getUnmatched().getFirst();
        if (first.startsWith("-")) {
            return "there is no option " + first;
        }
        return e.getCommandLine().getSubcommands().isEmpty()
                ? "nothing is expected where " + first + " stands"
                : "there is no command " + first;
    }

    private static List<String> known(CommandLine command) {
        List<String> known = new ArrayList<>(command.getSubcommands().keySet());
        command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
        return known;
    }

    private static int failed(Exception e, Console console) {
        if (e instanceof CliException plain) {
            console.error(String.valueOf(plain.getMessage()));
            return plain.exitCode();
        }
        console.error("a mistake in Steward itself: " + e + ". Please report it.");
        return CliException.INTERNAL;
    }

    /// Gives each command the console.
    private record Commands(Console console) implements CommandLine.IFactory {

        private static final CommandLine.IFactory OTHERS = CommandLine.defaultFactory();

        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Console.class).newInstance(console);
            } catch (NoSuchMethodException _) {
                return OTHERS.create(type);
            }
        }
    }

    /// What `--version` prints.
    static final class Numbers implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"steward " + Version.current()};
        }
    }
}
