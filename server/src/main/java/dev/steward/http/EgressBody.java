package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;

/// What a request carries: its length is known and it can be written more than once.
public interface EgressBody {

    /// In bytes.
    long length();

    void writeTo(OutputStream out) throws IOException;

    /// A body of these bytes, which must not change afterwards.
    static EgressBody of(byte[] bytes) {
        requireNonNull(bytes, "bytes");
        return new EgressBody() {
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
