package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

/// How far an installation is.
///
/// @param bytesPerSecond over this run; 0 until something came
/// @param source         where it comes from; empty while nothing is being fetched
public record InstallProgress(long bytes, long bytesTotal, long bytesPerSecond, String source) {

    public InstallProgress {
        requireNonNull(source, "source");
    }

    /// 0 to 100.
    public int percent() {
        return bytesTotal == 0 ? 0 : (int) (bytes * 100 / bytesTotal);
    }
}
