package dev.steward.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads server-sent events off a stream. Source: WHATWG HTML, section 9.2.6. For one thread; [#idleNanos] and
/// [#close] may be called by another.
final class SseReader implements Closeable {

    /// Far more than one event of an answer; a server that sends more is not a Steward.
    private static final int EVENT_CHARS_MAX = 4 << 20;

    private final InputStream stream;
    private final BufferedReader lines;
    private volatile long lastLine = System.nanoTime();
    private String id = "";

    SseReader(InputStream stream) {
        this.stream = stream;
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /// Waits for the next event; empty at the end of the stream. An event that is cut off is no event.
    Optional<SseEvent> next() throws IOException {
        String name = "";
        var data = new StringBuilder();
        boolean hasData = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            lastLine = System.nanoTime();
            if (line.isEmpty()) {
                if (hasData) {
                    return Optional.of(new SseEvent(id, name.isEmpty() ? "message" : name, data.toString()));
                }
                name = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String rest = colon < 0 ? "" : line.substring(colon + 1);
            String value = rest.startsWith(" ") ? rest.substring(1) : rest;
            switch (field) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> {
                    data.append(hasData ? "\n" : "").append(value);
                    hasData = true;
                }
                default -> {} // a comment, or a field that later versions add
            }
            if (data.length() > EVENT_CHARS_MAX) {
                throw new IOException("an event is larger than " + EVENT_CHARS_MAX + " characters");
            }
        }
        return Optional.empty();
    }

    /// How long nothing has come, heartbeats included.
    long idleNanos() {
        return System.nanoTime() - lastLine;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
