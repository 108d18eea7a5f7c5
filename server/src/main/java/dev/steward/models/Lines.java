package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Cuts a stream of bytes into lines that end in LF or CRLF, without copying them. Used by one thread.
///
/// Bytes, not characters: a line is decoded as a whole, so a character that came in two pieces stays one.
final class Lines {

    private static final int BUFFER_FIRST = 8 * 1024;

    private final InputStream in;
    private final int lineMax;
    private byte[] buffer = new byte[BUFFER_FIRST];
    private int lineFrom;
    private int lineTo;
    private int next;
    private int filled;

    /// @param lineMax longest line, in bytes
    Lines(InputStream in, int lineMax) {
        this.in = requireNonNull(in, "in");
        this.lineMax = lineMax;
    }

    /// Waits for the next line; `false` at the end of the stream. Bytes after the last line end are no line.
    ///
    /// @throws TooLongException the line is longer than allowed
    boolean next() throws IOException {
        int scan = next;
        while (true) {
            for (int i = scan; i < filled; i++) {
                if (buffer[i] == '\n') {
                    lineFrom = next;
                    lineTo = i > next && buffer[i - 1] == '\r' ? i - 1 : i;
                    next = i + 1;
                    return true;
                }
            }
            if (filled - next > lineMax) {
                throw new TooLongException();
            }
            scan = filled - makeRoom();
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                return false;
            }
            filled += read;
        }
    }

    /// Whether bytes came after the last line end: the stream was cut.
    boolean cut() {
        return filled > next;
    }

    byte[] buffer() {
        return buffer;
    }

    int from() {
        return lineFrom;
    }

    int to() {
        return lineTo;
    }

    /// Moves what is unread to the front, or takes a bigger buffer; returns how far it moved.
    private int makeRoom() {
        if (filled < buffer.length) {
            return 0;
        }
        if (next > 0) {
            int moved = next;
            System.arraycopy(buffer, next, buffer, 0, filled - next);
            filled -= moved;
            next = 0;
            return moved;
        }
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
        return 0;
    }

    /// A line grew past its limit.
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("line too long");
        }
    }
}
