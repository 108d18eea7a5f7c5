package dev.steward.models.embedded;

import java.io.IOException;
import java.nio.file.Path;

/// Fetches one package as a wheel.
interface PipDownload {

    /// Puts the wheel of `requirement` into `directory`.
    ///
    /// @return the wheel
    /// @throws IOException it can't be had; the message is for people
    Path fetch(String requirement, Path directory) throws IOException, InterruptedException;
}
