package dev.steward.models.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Opens a model's file at a source.
interface SourceReader {

    /// Opens the file at, or as shortly before `offset` as the source can.
    ///
    /// @param scratch a directory of this installation, for what must be put aside; emptied by the caller
    /// @throws IOException the source can't be read; the message is for people
    Opened open(ModelSource source, long offset, Path scratch) throws IOException, InterruptedException;

    /// A file that can be read from `offset` to its end.
    record Opened(InputStream stream, long offset) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
