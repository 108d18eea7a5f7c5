package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/// Apache HttpClient 5, classic and in its minimal form: no redirects, cookies, decompression or retries of its own.
final class ApacheWire implements Wire {

    /// More connections than any backend should get from one process; the adaptive limit stays below it.
    private static final int CONNECTIONS_MAX = 4_096;

    /// A kept connection that rested longer than this is looked at before it is used again.
    private static final TimeValue UNCHECKED_MAX = TimeValue.ofSeconds(2);

    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;

    ApacheWire(Duration connectTimeout) {
        connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(CONNECTIONS_MAX)
                .setMaxConnPerRoute(CONNECTIONS_MAX)
                .setDefaultSocketConfig(
                        SocketConfig.custom().setTcpNoDelay(true).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connectTimeout.toMillis(), TimeUnit.MILLISECONDS)
                        .setValidateAfterInactivity(UNCHECKED_MAX)
                        .build())
                .build();
        client = HttpClients.createMinimal(connections);
    }

    @Override
    public Call prepare(URI uri, Optional<Secret> bearer, @Nullable Body body) {
        return new ApacheCall(uri, bearer, body);
    }

    /// Connections that are in use now.
    int leased() {
        return connections.getTotalStats().getLeased();
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private final class ApacheCall implements Call {

        private final URI uri;
        private final Optional<Secret> bearer;
        private final @Nullable Body body;
        private volatile boolean aborted;
        private volatile HttpUriRequestBase request;
        private @Nullable ClassicHttpResponse response;

        ApacheCall(URI uri, Optional<Secret> bearer, @Nullable Body body) {
            this.uri = requireNonNull(uri, "uri");
            this.bearer = requireNonNull(bearer, "bearer");
            this.body = body;
            this.request = request();
        }

        @Override
        public void send() throws IOException {
            HttpClientContext context = HttpClientContext.create();
            try {
                response = execute(context);
            } catch (IOException e) {
                if (aborted || !diedWhileKept(e, context)) {
                    throw e;
                }
                // The backend closed a kept connection while we took it up: its siblings are dead as well.
                connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
                request = request();
                if (aborted) {
                    throw e;
                }
                response = execute(HttpClientContext.create());
            }
        }

        private ClassicHttpResponse execute(HttpClientContext context) throws IOException {
            HttpUriRequestBase now = request;
            HttpHost host;
            try {
                host = RoutingSupport.determineHost(now);
            } catch (HttpException e) {
                throw new IOException(e);
            }
            return client.executeOpen(host, now, context);
        }

        private static boolean diedWhileKept(IOException e, HttpClientContext context) {
            EndpointDetails endpoint = context.getEndpointDetails();
            return endpoint != null
                    && endpoint.getRequestCount() > 1
                    && (e instanceof NoHttpResponseException
                            || e instanceof SocketException
                            || e instanceof ConnectionClosedException);
        }

        private HttpUriRequestBase request() {
            var made = new HttpUriRequestBase(body == null ? "GET" : "POST", uri);
            bearer.ifPresent(secret -> made.setHeader("Authorization", "Bearer " + secret.value()));
            if (body != null) {
                made.setEntity(new BodyEntity(body));
            }
            return made;
        }

        private ClassicHttpResponse answer() {
            ClassicHttpResponse got = response;
            if (got == null) {
                throw new IllegalStateException("nothing was sent yet");
            }
            return got;
        }

        @Override
        public int status() {
            return answer().getCode();
        }

        @Override
        public @Nullable String header(String name) {
            Header header = answer().getFirstHeader(name);
            return header == null ? null : header.getValue();
        }

        @Override
        public InputStream body() throws IOException {
            HttpEntity entity = answer().getEntity();
            return entity == null ? InputStream.nullInputStream() : entity.getContent();
        }

        @Override
        public void abort() {
            aborted = true;
            request.cancel();
        }

        @Override
        public void close() {
            try {
                if (response != null) {
                    // Ends the connection unless the body was read to its end, in which case it is back in the pool.
                    response.close();
                }
            } catch (IOException _) {
                // The connection is being given up anyway.
            }
        }
    }

    /// A body as Apache's client wants it.
    private static final class BodyEntity extends AbstractHttpEntity {

        private final Body body;

        BodyEntity(Body body) {
            super(ContentType.APPLICATION_JSON, null);
            this.body = body;
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public long getContentLength() {
            return body.length();
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("written, never read");
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(out);
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
