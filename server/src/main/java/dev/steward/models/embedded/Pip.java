package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The machine's own `pip`, which knows its package index, proxy and certificates. Wheels only, so no package code
/// runs.
final class Pip implements PipDownload {

    /// For one part, on a slow line: 50 MB at 100 kB/s.
    static final Duration FETCH_MAX = Duration.ofMinutes(10);

    /// Enough of pip's complaint to see what is wrong.
    private static final int COMPLAINT_CHARS_MAX = 300;

    private static final int COMPLAINT_BYTES_MAX = 64 * 1024;

    private final List<String> python;

    /// @param python how to run Python, such as `python3`
    Pip(List<String> python) {
        this.python = List.copyOf(python);
    }

    static Pip ofThisMachine() {
        return new Pip(List.of("python3"));
    }

    @Override
    public Path fetch(String requirement, Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path output = directory.resolve("pip.log");
        List<String> command = Stream.concat(
                        python.stream(),
                        Stream.of(
                                "-m",
                                "pip",
                                "download",
                                "--quiet",
                                "--no-deps",
                                "--only-binary",
                                ":all:",
                                "--no-cache-dir",
                                "--no-input",
                                "--disable-pip-version-check",
                                "-d",
                                directory.toString(),
                                requirement))
                .toList();
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // So that what pip unpacks on its way stays on the disk whose room was checked, and goes with the directory.
        builder.environment().put("TMPDIR", directory.toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("Python (python3) with pip is not installed on this machine", e);
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(FETCH_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("pip took longer than " + FETCH_MAX.toMinutes() + " minutes for " + requirement);
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("pip could not get " + requirement + ": " + complaint(output));
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("pip got no wheel for " + requirement));
        }
    }

    private static String complaint(Path output) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(requireNonNull(output))) {
            text = new String(in.readNBytes(COMPLAINT_BYTES_MAX), StandardCharsets.UTF_8).strip();
        }
        List<String> lines = text.lines().filter(l -> !l.isBlank()).toList();
        String last = lines.isEmpty() ? "it said nothing" : lines.getLast().replaceFirst("^ERROR: ", "");
        return last.length() > COMPLAINT_CHARS_MAX ? last.substring(0, COMPLAINT_CHARS_MAX) : last;
    }
}
