package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Version;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import picocli.CommandLine.Command;

/// `steward version`: what to write into a report of a fault.
@Command(
        name = "version",
        description = "Print the versions of Steward, the JDK, the embedded PostgreSQL and the system.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

    private static final String UNKNOWN = "unknown";

    private final Console console;

    VersionCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() {
        console.out().println("steward     " + Version.current());
        console.out().println("java        " + Runtime.version() + " (" + System.getProperty("java.vendor", "") + ")");
        console.out().println("postgresql  " + postgres() + " (embedded)");
        console.out()
                .println("system      " + System.getProperty("os.name", "") + " " + System.getProperty("os.version", "")
                        + " " + System.getProperty("os.arch", ""));
        console.out().flush();
        return 0;
    }

    /// As the build wrote it into the jar.
    private static String postgres() {
        try {
            URL place =
                    VersionCommand.class.getProtectionDomain().getCodeSource().getLocation();
            try (var jar = new JarFile(Path.of(place.toURI()).toFile())) {
                Manifest manifest = jar.getManifest();
                String version =
                        manifest == null ? null : manifest.getMainAttributes().getValue("Embedded-PostgreSQL-Version");
                return version == null ? UNKNOWN : version;
            }
        } catch (IOException | URISyntaxException | IllegalArgumentException _) {
            return UNKNOWN; // Run from classes, not from a jar.
        }
    }
}
