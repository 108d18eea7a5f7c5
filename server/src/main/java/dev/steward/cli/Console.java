package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Platform;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Where a command reads and writes, given from outside so that tests need no terminal.
///
/// @param interactive whether a person sits at both ends
/// @param coloured    whether dimmed text is understood
/// @param directory   where paths begin
record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        boolean coloured,
        Map<String, String> environment,
        Path directory,
        Platform platform) {

    Console {
        requireNonNull(in, "in");
        requireNonNull(out, "out");
        requireNonNull(err, "err");
        environment = Map.copyOf(environment);
        directory = directory.toAbsolutePath().normalize();
        requireNonNull(platform, "platform");
    }

    /// Colours follow https://no-color.org.
    @SuppressWarnings("SystemConsoleNull") // with JDK 25 it is null again when nobody is there (JDK-8351435)
    static Console ofThisProcess() {
        Map<String, String> environment = System.getenv();
        var console = System.console();
        boolean interactive = console != null && console.isTerminal();
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Console(
                System.in,
                new PrintStream(System.out, false, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                interactive,
                interactive && !plain,
                environment,
                Path.of(""),
                Platform.current());
    }

    /// One line for the person, apart from the result.
    void error(String message) {
        out.flush();
        err.println("steward: " + Printable.line(message));
        err.flush();
    }

    /// A remark between the lines of an answer.
    void note(String message) {
        out.flush();
        String shown = Printable.line(message);
        err.println(coloured ? "\033[2m" + shown + "\033[0m" : shown);
        err.flush();
    }

    PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    /// A person's own directory for the terminal's settings.
    Path configDirectory() {
        return platform.configDirectory(environment);
    }
}
