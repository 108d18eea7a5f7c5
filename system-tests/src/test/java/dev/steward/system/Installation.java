package dev.steward.system;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.stream.Stream;

/// The program under test: what the build has packaged, started by `./steward` as people start it.
final class Installation {

    private static boolean prepared;

    private Installation() {}

    /// The repository's root, where `./steward` is.
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isExecutable(here.resolve("steward"))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException("run from inside the repository");
        }
        return here;
    }

    static Path launcher() {
        return root().resolve("steward");
    }

    /// What the launcher is to do differently in tests: build nothing, train no cache behind a test's back.
    static void environment(Map<String, String> environment) {
        environment.keySet().removeIf(key -> key.startsWith("STEWARD_") || key.startsWith("OPENAI_"));
        environment.put("STEWARD_BUILD", "off");
        environment.put("CI", "true");
        // These servers live for seconds: half of what a start costs is code made fast that nobody runs again.
        environment.put("STEWARD_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    /// Makes the start-up cache when there is none of this build: the many starts of these tests take half as
    /// long with it.
    static synchronized void prepare() throws IOException, InterruptedException {
        if (prepared) {
            return;
        }
        prepared = true;
        Path dist = root().resolve("server/target/dist");
        Path jar = dist.resolve("steward.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException("nothing is packaged; run ./steward build, or mvn verify");
        }
        if ("off".equals(System.getenv("STEWARD_AOT"))) {
            return;
        }
        Path target = root().resolve("system-tests/target");
        // These tests run in several processes at once: one makes it, the others wait for it.
        try (FileChannel file = FileChannel.open(target.resolve("cache.lock"), CREATE, WRITE);
                FileLock _ = file.lock()) {
            if (hasCache(dist, Files.getLastModifiedTime(jar))) {
                return;
            }
            var builder = new ProcessBuilder(launcher().toString(), "cache")
                    .redirectErrorStream(true)
                    .redirectOutput(target.resolve("cache.log").toFile());
            environment(builder.environment());
            builder.start().waitFor();
        }
    }

    private static boolean hasCache(Path dist, FileTime built) throws IOException {
        try (Stream<Path> files = Files.list(dist)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".aot")).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(built) > 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
