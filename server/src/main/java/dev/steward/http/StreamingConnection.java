package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/// A connection whose chunked answers are read as far as they have come: one read takes all the chunks that are there
/// already, where Apache's own gives one chunk each time. A stream of tokens that came together then goes on together,
/// with one write instead of one for each token (docs/internals/performance.md); nothing waits for more to come.
final class StreamingConnection extends DefaultManagedHttpClientConnection {

    private static final AtomicLong COUNT = new AtomicLong();

    private StreamingConnection(Http1Config config) {
        super(
                "egress-" + COUNT.incrementAndGet(),
                null,
                null,
                config,
                null,
                null,
                null,
                null,
                // Apache's client would skip garbage in search of an answer; this parser refuses it.
                new DefaultHttpResponseParserFactory(config));
    }

    static ManagedHttpClientConnection create(Http1Config config, @Nullable Socket socket) throws IOException {
        var connection = new StreamingConnection(config);
        if (socket != null) {
            connection.bind(socket);
        }
        return connection;
    }

    @Override
    protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream socket) {
        InputStream content = super.createContentInputStream(length, buffer, socket);
        return length == ContentLengthStrategy.CHUNKED ? new ReadyChunks(content, buffer) : content;
    }

    /// Reads the chunks that are buffered. Used by one thread.
    private static final class ReadyChunks extends InputStream {

        /// With so many bytes in the buffer the next chunk's head is whole (an end of line, up to eight digits, an end
        /// of line) and at least one byte follows it: reading on does not wait. RFC 9112, section 7.1.
        private static final int NEXT_CHUNK_MIN = 13;

        private final InputStream chunks;
        private final SessionInputBuffer buffer;
        private @Nullable IOException fault;

        ReadyChunks(InputStream chunks, SessionInputBuffer buffer) {
            this.chunks = requireNonNull(chunks, "chunks");
            this.buffer = requireNonNull(buffer, "buffer");
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            checkFault();
            int count = chunks.read(to, offset, length);
            try {
                while (count > 0 && count < length && buffer.length() >= NEXT_CHUNK_MIN) {
                    int more = chunks.read(to, offset + count, length - count);
                    if (more < 0) {
                        break;
                    }
                    count += more;
                }
            } catch (IOException e) {
                // What came well is given first.
                fault = e;
            }
            return count;
        }

        @Override
        public int read() throws IOException {
            checkFault();
            return chunks.read();
        }

        private void checkFault() throws IOException {
            if (fault != null) {
                throw fault;
            }
        }

        @Override
        public int available() throws IOException {
            return chunks.available();
        }

        @Override
        public void close() throws IOException {
            chunks.close();
        }
    }
}
