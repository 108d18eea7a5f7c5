package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.ConnectionHolder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// Connections to checked addresses, kept for the next request where that is asked for.
///
/// Apache's connection manager without its client: nothing here follows redirects, keeps cookies, unpacks, retries or
/// reads proxy settings. Safe for use by many threads.
final class Connections implements AutoCloseable {

    /// Connections to one origin at once; who bounds calls to a backend stays below.
    static final int PER_ROUTE_MAX = 4_096;

    /// A kept connection that rested longer is looked at before it is used again, which costs a millisecond.
    private static final TimeValue UNCHECKED_MAX = TimeValue.ofSeconds(2);

    /// A kept connection that rested longer is not used again.
    private static final Timeout IDLE_MAX = Timeout.ofSeconds(50);

    /// Most headers of an answer, and the longest line of its head.
    private static final int HEADERS_MAX = 200;

    private static final int LINE_MAX = 32_768;

    private static final int BUFFER_BYTES = 8_192;

    private static final Http1Config HTTP1 = Http1Config.custom()
            .setMaxHeaderCount(HEADERS_MAX)
            .setMaxLineLength(LINE_MAX)
            .setBufferSize(BUFFER_BYTES)
            .build();

    private final AddressPolicy policy;
    private final PoolingHttpClientConnectionManager manager;

    Connections(AddressPolicy policy) {
        this.policy = requireNonNull(policy, "policy");
        this.manager = PoolingHttpClientConnectionManagerBuilder.create()
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setMaxConnPerRoute(PER_ROUTE_MAX)
                .setMaxConnTotal(PER_ROUTE_MAX)
                .setDnsResolver(new CheckedNames())
                .setConnectionFactory(socket -> StreamingConnection.create(HTTP1, socket))
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setValidateAfterInactivity(UNCHECKED_MAX)
                        .setIdleTimeout(IDLE_MAX)
                        .build())
                .build();
    }

    static HttpRoute route(Target target) {
        var host = new HttpHost(target.secure() ? "https" : "http", target.host(), target.port());
        return new HttpRoute(host, null, target.secure());
    }

    /// A connection of the pool, or a place for a new one.
    ConnectionEndpoint lease(HttpRoute route, Duration wait) throws IOException {
        try {
            Timeout timeout = timeout(wait);
            return manager.lease("", route, timeout, null).get(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new IOException("no connection could be had", e);
        } catch (TimeoutException e) {
            throw new IOException("no connection came free in time", e);
        }
    }

    /// Connects a new place, to a checked address, and checks once more where it got to.
    void connect(ConnectionEndpoint endpoint, HttpRoute route, Duration timeout, HttpClientContext context)
            throws IOException {
        manager.connect(endpoint, timeout(timeout), context);
        if (endpoint instanceof ConnectionHolder holder) {
            HttpConnection connection = holder.get();
            if (connection == null || !(connection.getRemoteAddress() instanceof InetSocketAddress remote)) {
                throw new IOException("the connection was closed");
            }
            policy.checkConnected(route.getTargetHost().getHostName(), remote);
        } else {
            throw new IllegalStateException("the connection does not tell where it leads");
        }
    }

    /// Gives a connection back; zero keeps it for ever, negative ends it.
    void release(ConnectionEndpoint endpoint, boolean keep, TimeValue keepFor) {
        if (!keep) {
            endpoint.close(CloseMode.IMMEDIATE);
        }
        manager.release(endpoint, null, keep ? keepFor : TimeValue.NEG_ONE_MILLISECOND);
    }

    /// Ends all connections that rest.
    void dropIdle() {
        manager.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    int leased() {
        return manager.getTotalStats().getLeased();
    }

    int idle() {
        return manager.getTotalStats().getAvailable();
    }

    @Override
    public void close() {
        manager.close(CloseMode.IMMEDIATE);
    }

    static Timeout timeout(Duration duration) {
        return duration.isZero()
                ? Timeout.DISABLED
                : Timeout.of(Math.max(1, duration.toMillis()), TimeUnit.MILLISECONDS);
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        var failure = new InterruptedIOException("interrupted");
        failure.initCause(e);
        return failure;
    }

    private final class CheckedNames implements DnsResolver {

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            return policy.resolve(host, port);
        }

        /// Without a port nothing can be checked; Apache asks only with one.
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new AddressRefusedException("a host is only looked up with its port");
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
