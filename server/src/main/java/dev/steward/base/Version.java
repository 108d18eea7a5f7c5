package dev.steward.base;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// Which Steward this is.
///
/// @param number the release, such as `0.1.0`; `dev` when run from classes
/// @param commit of the sources, short; `unknown` when they came without their history
public record Version(String number, String commit) {

    public Version {
        requireNonNull(number, "number");
        requireNonNull(commit, "commit");
    }

    /// As the build wrote it into the jar: the release, `+`, the commit.
    public static Version current() {
        return parse(Version.class.getPackage().getImplementationVersion());
    }

    static Version parse(@Nullable String written) {
        if (written == null) {
            return new Version("dev", "unknown");
        }
        int plus = written.indexOf('+');
        return plus < 0
                ? new Version(written, "unknown")
                : new Version(written.substring(0, plus), written.substring(plus + 1));
    }

    @Override
    public String toString() {
        return number + " (" + commit + ")";
    }
}
