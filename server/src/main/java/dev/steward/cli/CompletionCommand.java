package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `steward completion`: a script for the shell.
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh: source <(steward completion)",
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    CompletionCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() {
        console.out().print(AutoComplete.bash("steward", spec.root().commandLine()));
        console.out().flush();
        return 0;
    }
}
