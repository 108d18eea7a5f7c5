package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// What the built-in model asks of a machine. The library is compiled for AVX2 and loads the OpenMP runtime;
/// without them its process would end by a signal, or with a message of the loader that tells people nothing.
final class Requirements {

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib/aarch64-linux-gnu"),
            Path.of("/lib/x86_64-linux-gnu"),
            Path.of("/lib/aarch64-linux-gnu"),
            Path.of("/usr/lib64"),
            Path.of("/lib64"),
            Path.of("/usr/lib"),
            Path.of("/usr/local/lib"));

    private final String os;
    private final String architecture;
    private final Path cpu;
    private final Path memory;
    private final List<Path> libraries;

    Requirements(String os, String architecture, Path cpu, Path memory, List<Path> libraries) {
        this.os = requireNonNull(os, "os").toLowerCase(Locale.ROOT);
        this.architecture = requireNonNull(architecture, "architecture");
        this.cpu = requireNonNull(cpu, "cpu");
        this.memory = requireNonNull(memory, "memory");
        this.libraries = List.copyOf(libraries);
    }

    /// Those of this machine.
    static Requirements ofThisMachine() {
        return new Requirements(
                System.getProperty("os.name", ""), System.getProperty("os.arch", ""), CPU, MEMORY, LIBRARIES);
    }

    /// What is missing, one sentence for people; empty when the built-in model can run here.
    Optional<String> missing() {
        boolean intel = architecture.equals("amd64") || architecture.equals("x86_64");
        boolean arm = architecture.equals("aarch64");
        if (os.contains("mac") && (intel || arm)) {
            return Optional.empty();
        }
        if (!os.contains("linux") || !(intel || arm)) {
            return Optional.of("The built-in model runs on Linux and macOS with x86-64 or arm64 processors; this is "
                    + os + " on " + architecture + ".");
        }
        if (intel && !hasAvx2()) {
            return Optional.of("The built-in model needs a processor with AVX2 and FMA (2013 or later); this one has"
                    + " none. Use Ollama or another model server.");
        }
        if (libraries.stream().noneMatch(dir -> Files.exists(dir.resolve("libgomp.so.1")))) {
            return Optional.of(
                    "The built-in model needs the library libgomp.so.1: install the package libgomp1 (Debian,"
                            + " Ubuntu) or libgomp (Fedora), then start Steward again.");
        }
        return Optional.empty();
    }

    /// Memory that programs could take now without swapping, in bytes; empty where the system does not tell.
    OptionalLong availableMemoryBytes() {
        try {
            return Files.readAllLines(memory).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private boolean hasAvx2() {
        try {
            return Files.readAllLines(cpu).stream()
                    .filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> List.of(line.split("\\s+", -1)))
                    // A machine that hides its flags is given the benefit of the doubt: the child may try.
                    .map(flags -> flags.contains("avx2") && flags.contains("fma"))
                    .orElse(true);
        } catch (IOException _) {
            return true;
        }
    }
}
