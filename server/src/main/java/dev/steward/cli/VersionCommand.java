package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `steward version`: what to write into a report of a fault.
@Command(name = "version", description = "Print the version, the JDK and the system.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

    private final Console console;

    VersionCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() {
        console.out().println("steward " + Version.current());
        console.out().println("java    " + Runtime.version() + " (" + System.getProperty("java.vendor", "") + ")");
        console.out()
                .println("system  " + System.getProperty("os.name", "") + " " + System.getProperty("os.version", "")
                        + " " + System.getProperty("os.arch", ""));
        console.out().flush();
        return 0;
    }
}
