package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/// One request and its answer as a stream. Used by one thread, except for [#cancel].
///
/// Failures are plain [IOException]s: a [java.net.SocketTimeoutException] when a timeout ran out, a
/// [java.net.UnknownHostException] for an unknown or refused host, a [java.net.ConnectException] when nobody listens.
public final class EgressCall implements AutoCloseable {

    private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();

    private final Connections connections;
    private final EgressAddress address;
    private final String method;
    private final Map<String, String> headers;
    private final @Nullable EgressBody content;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private final HttpClientContext context = HttpClientContext.create();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ConnectionEndpoint endpoint;
    private @Nullable BasicClassicHttpRequest sent;
    private @Nullable ClassicHttpResponse response;
    private @Nullable Body body;
    private volatile boolean cancelled;

    /// @param headers        of this call alone, checked already
    /// @param content        null for none
    /// @param connectTimeout for one address; zero: no limit but the system's
    /// @param answerTimeout  from the request's end to the answer's head; zero: no limit
    EgressCall(
            Connections connections,
            EgressAddress address,
            String method,
            Map<String, String> headers,
            @Nullable EgressBody content,
            Duration connectTimeout,
            Duration answerTimeout) {
        this.connections = requireNonNull(connections, "connections");
        this.address = requireNonNull(address, "address");
        this.method = requireNonNull(method, "method");
        this.headers = Map.copyOf(headers);
        this.content = content;
        this.connectTimeout = requireNonNull(connectTimeout, "connectTimeout");
        this.answerTimeout = requireNonNull(answerTimeout, "answerTimeout");
    }

    /// Sends the request and waits for the head of the answer.
    ///
    /// A kept connection that the other side closed in the same moment is replaced by a new one, once, if not one
    /// byte of an answer came; other than that nothing is ever sent twice.
    public void send() throws IOException {
        if (sent != null) {
            throw new IllegalStateException("sent already");
        }
        sent = toMessage();
        boolean kept = attach();
        try {
            response = exchange(sent);
        } catch (NoHttpResponseException | SocketException | ConnectionClosedException e) {
            detach(false, TimeValue.NEG_ONE_MILLISECOND);
            // An interrupt closes the socket of a virtual thread: nobody wants the answer any more.
            if (!kept || cancelled || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            connections.dropIdle(); // Its siblings are likely to be dead, too.
            sent = toMessage();
            attach();
            response = exchange(sent);
        }
    }

    public int status() {
        return answer().getCode();
    }

    /// A header of the answer, the first one if there are several; null if there is none.
    public @Nullable String header(String name) {
        Header header = answer().getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /// How many bytes the answer's body has, as it announced; negative if it did not say.
    public long length() {
        HttpEntity entity = answer().getEntity();
        return entity == null ? 0 : entity.getContentLength();
    }

    /// Every header of the answer, as it came.
    Header[] headers() {
        return answer().getHeaders();
    }

    /// The answer's body, as it came: nothing is unpacked. Read it to its end to have the connection kept.
    public InputStream body() throws IOException {
        if (body == null) {
            HttpEntity entity = answer().getEntity();
            InputStream content = entity == null ? null : entity.getContent();
            body = new Body(content == null ? InputStream.nullInputStream() : content);
        }
        return body;
    }

    /// Sets how long the next reads may wait for a byte; zero: no limit. May be changed between reads.
    public void readTimeout(Duration timeout) throws IOException {
        ConnectionEndpoint at = endpoint;
        if (at == null || !at.isConnected()) {
            throw new SocketException("the connection is closed");
        }
        at.setSocketTimeout(Connections.timeout(timeout));
    }

    /// Ends the connection at once, from any thread, before, while or after it is used: the other side sees the
    /// hang-up, and who waits gets an [IOException]. Never throws.
    public void cancel() {
        cancelled = true;
        lock.lock();
        try {
            if (endpoint != null) {
                endpoint.close(CloseMode.IMMEDIATE);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether [#cancel] was called.
    public boolean cancelled() {
        return cancelled;
    }

    /// Keeps the connection for the next call if the body was read to its end, else ends it. Never throws.
    @Override
    public void close() {
        ClassicHttpResponse got = response;
        boolean keep = got != null
                && sent != null
                && !cancelled
                && (got.getEntity() == null || (body != null && body.atEnd))
                && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(sent, got, context);
        TimeValue keepFor = keep
                ? DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(got, context)
                : TimeValue.NEG_ONE_MILLISECOND;
        detach(keep, keepFor);
    }

    /// Takes a connection; true if it is a kept one.
    private boolean attach() throws IOException {
        ConnectionEndpoint leased = connections.lease(address.route(), connectTimeout);
        lock.lock();
        try {
            endpoint = leased;
        } finally {
            lock.unlock();
        }
        boolean kept = leased.isConnected();
        try {
            if (!kept) {
                connections.connect(leased, address.route(), connectTimeout, context);
            }
            if (cancelled) {
                throw new SocketException("the call was cancelled");
            }
            return kept;
        } catch (IOException | RuntimeException e) {
            detach(false, TimeValue.NEG_ONE_MILLISECOND);
            throw e;
        }
    }

    private void detach(boolean keep, TimeValue keepFor) {
        ConnectionEndpoint leased;
        lock.lock();
        try {
            leased = endpoint;
            endpoint = null;
        } finally {
            lock.unlock();
        }
        if (leased != null) {
            connections.release(leased, keep && !cancelled, keepFor);
        }
    }

    private ClassicHttpResponse exchange(BasicClassicHttpRequest message) throws IOException {
        ConnectionEndpoint at = endpoint;
        if (at == null) {
            throw new SocketException("the call was closed");
        }
        try {
            at.setSocketTimeout(Connections.timeout(answerTimeout));
            return at.execute("", message, EXECUTOR::execute, context);
        } catch (HttpException | MessageConstraintException e) {
            throw new MalformedAnswerException(e);
        } catch (RuntimeException e) {
            if (cancelled) {
                throw new SocketException("the call was cancelled", e);
            }
            throw e;
        }
    }

    private ClassicHttpResponse answer() {
        ClassicHttpResponse got = response;
        if (got == null) {
            throw new IllegalStateException("nothing was answered yet");
        }
        return got;
    }

    private BasicClassicHttpRequest toMessage() {
        var message = new BasicClassicHttpRequest(method, address.route().getTargetHost(), address.path());
        message.setHeaders(address.headers());
        headers.forEach(message::addHeader);
        EgressBody body = content;
        if (body != null) {
            message.addHeader("Content-Length", Long.toString(body.length()));
            message.setEntity(new Entity(body));
        }
        return message;
    }

    /// Notes whether the body was read to its end.
    private static final class Body extends InputStream {

        private final InputStream content;
        private boolean atEnd;

        Body(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() throws IOException {
            int b = content.read();
            atEnd |= b < 0;
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = content.read(to, offset, length);
            atEnd |= count < 0;
            return count;
        }

        @Override
        public int available() throws IOException {
            return content.available();
        }

        /// Does nothing: the call is closed, not the body, because closing a body would read what is left of it.
        @Override
        public void close() {}
    }

    /// A body as Apache wants it.
    private static final class Entity extends AbstractHttpEntity {

        private final EgressBody content;

        Entity(EgressBody content) {
            super((ContentType) null, null);
            this.content = content;
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public long getContentLength() {
            return content.length();
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("written, never read");
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            content.writeTo(out);
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
