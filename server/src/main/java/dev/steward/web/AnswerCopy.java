package dev.steward.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Passes an answer on and keeps a copy of its body, up to [#BYTES_MAX]. Used by one thread.
final class AnswerCopy extends HttpServletResponseWrapper {

    /// Answers to creating requests are one resource; a longer one is not kept, and a repeat makes it anew.
    static final int BYTES_MAX = 256 * 1024;

    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private boolean tooLong;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    AnswerCopy(HttpServletResponse response) {
        super(response);
    }

    /// The body so far; empty when it grew too long to be kept.
    Optional<byte[]> body() {
        return tooLong ? Optional.empty() : Optional.of(copy.toByteArray());
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream made = stream;
        if (made == null) {
            made = new Tee(super.getOutputStream());
            stream = made;
        }
        return made;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter made = writer;
        if (made == null) {
            made = new PrintWriter(new OutputStreamWriter(getOutputStream(), StandardCharsets.UTF_8));
            writer = made;
        }
        return made;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        super.flushBuffer();
    }

    private void keep(byte[] bytes, int offset, int length) {
        if (tooLong || copy.size() + length > BYTES_MAX) {
            tooLong = true;
            copy.reset();
        } else {
            copy.write(bytes, offset, length);
        }
    }

    /// Writes to the client and into the copy.
    private final class Tee extends ServletOutputStream {

        private final ServletOutputStream client;

        Tee(ServletOutputStream client) {
            this.client = client;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            client.write(bytes, offset, length);
            keep(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            client.flush();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }

        @Override
        public boolean isReady() {
            return client.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            client.setWriteListener(listener);
        }
    }
}
