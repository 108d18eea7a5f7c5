package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.telemetry.Correlation;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Flushable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/// Writes [EventStream]s. The request sends the answer's head and is over; a thread of the stream's own pulls from the
/// feed and writes to the socket. While it waits for one of them it holds no lock, no database connection and no buffer
/// beyond its batch. Safe for use by many threads.
final class EventStreamConverter implements HttpMessageConverter<EventStream> {

    private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] STOPPING =
            "retry: 1000\n: the server is stopping, come back with Last-Event-ID\n\n".getBytes(StandardCharsets.UTF_8);

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Logger log = LoggerFactory.getLogger(EventStreamConverter.class);

    private final Authenticator authenticator;
    private final Duration heartbeat;
    private final AtomicInteger underway;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /// @param heartbeat how long a stream may be silent
    /// @param underway  counts answers that are not written to their end
    EventStreamConverter(
            Authenticator authenticator, Duration heartbeat, AtomicInteger underway, MeterRegistry metrics) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.heartbeat = requireNonNull(heartbeat, "heartbeat");
        this.underway = requireNonNull(underway, "underway");
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
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        boolean chunked = "HTTP/1.1".equals(request.getProtocol());
        HttpHeaders headers = output.getHeaders();
        headers.setContentType(MediaType.TEXT_EVENT_STREAM);
        headers.setCacheControl("no-cache, no-store");
        // Tells nginx and its like to pass each event on at once.
        headers.set("X-Accel-Buffering", "no");
        headers.setConnection("close");
        if (chunked) {
            // Beside "close", Tomcat leaves the chunks to whoever announces them.
            headers.set(HttpHeaders.TRANSFER_ENCODING, "chunked");
        }
        Reader reader = new Reader(stream, chunked);
        boolean passedOn = false;
        try {
            // The head goes out before the first event, so that clients know at once that the stream is open.
            output.getBody();
            if (output instanceof Flushable response) {
                response.flush();
            }
            if (!"HEAD".equals(request.getMethod())) {
                Hangups.connection(request).passOn(reader);
                passedOn = true;
            }
        } finally {
            if (!passedOn) {
                reader.finish();
            }
        }
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

    /// One open stream, on a connection of its own. Between two events it costs what this object, its feed and a thread
    /// with few frames take.
    private final class Reader extends PassedConnection {

        private final EventStream stream;
        private final boolean chunked;
        private final Map<Correlation.Id, String> ids = Correlation.captured();
        private final AtomicBoolean finished = new AtomicBoolean();
        private volatile boolean lost;

        Reader(EventStream stream, boolean chunked) {
            super(EventStream.WRITE_TIMEOUT);
            this.stream = stream;
            this.chunked = chunked;
            readers.add(this);
            underway.incrementAndGet();
        }

        @Override
        void begin() {
            Thread.ofVirtual().name("event-stream").start(this::run);
        }

        /// Never an interrupt: in a write it would close the client's connection, in a query the database's.
        @Override
        void lost() {
            lost = true;
            finish();
        }

        void wake() {
            stream.feed().close();
        }

        void finish() {
            stream.feed().close();
            if (finished.compareAndSet(false, true)) {
                readers.remove(this);
                underway.decrementAndGet();
            }
        }

        private void run() {
            try (var _ = Correlation.restored(ids)) {
                pump();
            } catch (InterruptedException | IOException _) {
                // The client is gone, or will see that its stream ends without its end.
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("An event stream broke off; its reader will come back");
            } finally {
                close();
                finish();
            }
        }

        private void pump() throws IOException, InterruptedException {
            boolean more = true;
            while (more && !stopping && !lost) {
                more = pass(stream.feed().next(heartbeat));
            }
            if (lost) {
                return;
            }
            if (stopping) {
                send(STOPPING);
            }
            if (chunked) {
                write(LAST_CHUNK);
            }
        }

        private boolean pass(List<StreamEvent> events) throws IOException {
            if (!events.isEmpty()) {
                send(encoded(events));
            } else if (stream.feed().ended() || !authenticator.stillStands(stream.principal())) {
                return false;
            } else {
                send(HEARTBEAT);
            }
            return true;
        }

        private void send(byte[] bytes) throws IOException {
            write(chunked ? chunk(bytes) : bytes);
        }
    }

    private static byte[] encoded(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> encode(event, text));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Source: RFC 9112, section 7.1.
    private static byte[] chunk(byte[] bytes) {
        byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = Arrays.copyOf(size, size.length + bytes.length + 2);
        System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }
}
