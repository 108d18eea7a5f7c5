package dev.steward.models;

import dev.steward.base.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The way out to backends: pooled connections, no redirects, no compression, no retries but the one for a kept
/// connection that turns out to be dead. Safe for use by many threads.
interface Wire extends AutoCloseable {

    /// Prepares a call: POST with a body, else GET. Nothing is sent yet.
    ///
    /// @param bearer sent in `Authorization`
    Call prepare(URI uri, Optional<Secret> bearer, @Nullable Body body);

    @Override
    void close();

    /// What is sent: its length is known and it can be written again.
    interface Body {

        /// In bytes.
        long length();

        void writeTo(OutputStream out) throws IOException;

        static Body of(byte[] bytes) {
            return new Body() {
                @Override
                public long length() {
                    return bytes.length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(bytes);
                }
            };
        }
    }

    /// One request and its answer. Used by one thread, except for [#abort].
    interface Call extends AutoCloseable {

        /// Sends the request and waits for the head of the answer.
        void send() throws IOException;

        int status();

        /// A header of the answer, or `null`.
        @Nullable String header(String name);

        /// The answer's body, to be read to its end or given up by [#close].
        InputStream body() throws IOException;

        /// Ends the connection at once, from any thread, before, while or after it is used. Never throws.
        void abort();

        /// Keeps the connection for the next call if the body was read to its end, else ends it. Never throws.
        @Override
        void close();
    }
}
