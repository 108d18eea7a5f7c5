package dev.steward.web;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.FilterOutputStream;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/// Writes [EventStream]s. The request's own thread pulls from the feed and writes to the socket; while it waits
/// for one
/// of them it holds no lock, no connection and no buffer beyond its batch. Safe for use by many threads.
final class EventStreamConverter implements HttpMessageConverter<EventStream> {

    private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] STOPPING =
            "retry: 1000\n: the server is stopping, come back with Last-Event-ID\n\n".getBytes(StandardCharsets.UTF_8);

    private final Authenticator authenticator;
    private final Duration heartbeat;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /// @param heartbeat how long a stream may be silent
    EventStreamConverter(Authenticator authenticator, Duration heartbeat, MeterRegistry metrics) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.heartbeat = requireNonNull(heartbeat, "heartbeat");
        metrics.gaugeCollectionSize("event_streams_open", List.of(), readers);
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return type == EventStream.class && (mediaType == null || mediaType.includes(MediaType.TEXT_EVENT_STREAM));
    }

    @Override
    public List<MediaType> getSupportedMediaTypes() {
        return List.of(MediaType.TEXT_EVENT_STREAM);
    }

    @Override
    public List<MediaType> getSupportedMediaTypes(Class<?> type) {
        return type == EventStream.class ? getSupportedMediaTypes() : List.of();
    }

    @Override
    public EventStream read(Class<? extends EventStream> type, HttpInputMessage input) {
        throw new UnsupportedOperationException("event streams are only written");
    }

    @Override
    public void write(EventStream stream, @Nullable MediaType mediaType, HttpOutputMessage output) throws IOException {
        output.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        output.getHeaders().setCacheControl("no-cache, no-store");
        // Tells nginx and its like to pass each event on at once.
        output.getHeaders().set("X-Accel-Buffering", "no");
        Reader reader = new Reader(stream);
        readers.add(reader);
        try {
            reader.run(flushing(output));
        } finally {
            readers.remove(reader);
            stream.feed().close();
        }
    }

    /// Spring's own stream swallows flushes to save packets, unless the whole server is told otherwise; an event has to
    /// go out at once.
    private static OutputStream flushing(HttpOutputMessage output) throws IOException {
        return new FilterOutputStream(output.getBody()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                out.flush();
                if (output instanceof Flushable response) {
                    response.flush();
                }
            }
        };
    }

    /// Ends every stream between two events. New ones end at once.
    void stop() {
        stopping = true;
        readers.forEach(Reader::wake);
    }

    /// The wire form of an event.
    static void encode(StreamEvent event, StringBuilder into) {
        event.id().ifPresent(id -> into.append("id: ").append(id).append('\n'));
        event.name().ifPresent(name -> into.append("event: ").append(name).append('\n'));
        event.data()
                .replace("\r\n", "\n")
                .replace('\r', '\n')
                .lines()
                .forEach(line -> into.append("data: ").append(line).append('\n'));
        if (event.data().isEmpty()) {
            into.append("data:\n");
        }
        into.append('\n');
    }

    /// One open stream.
    private final class Reader {

        private final EventStream stream;

        Reader(EventStream stream) {
            this.stream = stream;
        }

        void run(OutputStream out) throws IOException {
            // The answer's head goes out before the first event, so that clients know at once that the stream
            // is open.
            out.flush();
            try {
                while (!stopping && write(stream.feed().next(heartbeat), out)) {
                    // Each turn writes one batch.
                }
            } catch (InterruptedException _) {
                // Nothing more can be written by an interrupted thread.
                Thread.currentThread().interrupt();
                return;
            }
            if (stopping) {
                out.write(STOPPING);
                out.flush();
            }
        }

        private boolean write(List<StreamEvent> events, OutputStream out) throws IOException {
            if (!events.isEmpty()) {
                StringBuilder text = new StringBuilder();
                events.forEach(event -> encode(event, text));
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            } else if (stream.feed().ended() || !authenticator.stillStands(stream.principal())) {
                return false;
            } else {
                out.write(HEARTBEAT);
            }
            out.flush();
            return true;
        }

        /// Never an interrupt: in a write it would close the client's connection, in a query the database's.
        void wake() {
            stream.feed().close();
        }
    }
}
