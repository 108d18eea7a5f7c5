package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How far an installation is.
///
/// @param bytesPerSecond over this run; 0 until something came
/// @param source         where it comes from; empty while nothing is being fetched
public record InstallProgress(long bytes, long bytesTotal, long bytesPerSecond, String source) {

    public InstallProgress {
        requireNonNull(source, "source");
    }

    /// When it will be there if it goes on like this; empty until that can be said.
    public Optional<Duration> left() {
        return bytesPerSecond <= 0 || bytes >= bytesTotal
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((bytesTotal - bytes + bytesPerSecond - 1) / bytesPerSecond));
    }

    /// For people: `23 % of 1117 MB, 25.8 MB/s, about 34 s left`.
    public String words() {
        String size = percent() + " % of " + bytesTotal / 1_000_000 + " MB";
        String speed = bytesPerSecond > 0 ? String.format(Locale.ROOT, ", %.1f MB/s", bytesPerSecond / 1e6) : "";
        return size + speed + left().map(InstallProgress::about).orElse("");
    }

    private static String about(Duration left) {
        long seconds = left.toSeconds();
        return ", about " + (seconds < 100 ? seconds + " s" : (seconds + 59) / 60 + " min") + " left";
    }

    /// 0 to 100.
    public int percent() {
        return bytesTotal == 0 ? 0 : (int) (bytes * 100 / bytesTotal);
    }
}
