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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The machine's own `pip`, which knows its package index, proxy and certificates. Wheels only, so no package code
/// runs.
final class Pip implements PipDownload {

    /// For one part, on a slow line: 50 MB at 100 kB/s.
    static final Duration FETCH_MAX = Duration.ofMinutes(10);

    /// Enough of pip's complaint to see what is wrong.
    private static final int COMPLAINT_CHARS_MAX = 300;

    private static final int COMPLAINT_BYTES_MAX = 64 * 1024;

    private static final String NO_PIP = "Python (python3) with pip is not installed on this machine";

    /// How pip, over the years, says that it got no connection.
    private static final Pattern NO_NETWORK = Pattern.compile(
            "NewConnectionError|NameResolutionError|Name or service not known|Temporary failure in name resolution"
                    + "|Network is unreachable|Connection refused|ConnectTimeout|ProxyError|No route to host");

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
                                "--retries",
                                "2",
                                "--timeout",
                                "30",
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
            throw new IOException(NO_PIP, e);
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
            throw new IOException(inPlainWords(requirement, complaint(output)));
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("pip got no wheel for " + requirement));
        }
    }

    /// What a person can do something about, without pip's own words.
    static String inPlainWords(String requirement, String complaint) {
        if (complaint.contains("No module named pip")) {
            return NO_PIP;
        }
        return NO_NETWORK.matcher(complaint).find()
                ? "it can't be reached (no network?)"
                : "pip could not get " + requirement + ": " + lastLine(complaint);
    }

    private static String complaint(Path output) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(requireNonNull(output))) {
            text = new String(in.readNBytes(COMPLAINT_BYTES_MAX), StandardCharsets.UTF_8).strip();
        }
        return text;
    }

    private static String lastLine(String text) {
        List<String> lines = text.lines().filter(l -> !l.isBlank()).toList();
        String last = lines.isEmpty() ? "it said nothing" : lines.getLast().replaceFirst("^ERROR: ", "");
        return last.length() > COMPLAINT_CHARS_MAX ? last.substring(0, COMPLAINT_CHARS_MAX) : last;
    }
}
