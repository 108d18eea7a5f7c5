package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

/// Which Steward this is.
///
/// @param text such as `0.1.0`
public record Version(String text) {

    public Version {
        requireNonNull(text, "text");
    }

    /// From the jar's manifest; `development` where the classes lie in a folder.
    public static Version ofThisBuild() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new Version(version == null ? "development" : version);
    }
}
