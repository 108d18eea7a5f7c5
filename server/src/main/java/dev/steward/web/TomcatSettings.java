package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import tools.jackson.databind.json.JsonMapper;

/// The limits of the HTTP server itself.
final class TomcatSettings implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    /// Room for a token of 8 KiB, cookies and tracing; anything more is not a request of ours.
    private static final int HEADER_BYTES_MAX = 16 * 1024;

    /// More than one per field of the largest list query.
    private static final int PARAMETERS_MAX = 100;

    /// What the system holds for a client that doesn't read. Left alone it grows to 4 MiB for each connection: a slow
    /// reader would cost that much memory, and would never be noticed, as a whole answer fits in. This much still
    /// carries 1 MB a second to the other side of the world.
    private static final int SEND_BUFFER_BYTES = 128 * 1024;

    /// Held for each connection. The head of a request goes into a buffer of its own, and what is read of a body goes
    /// there directly.
    private static final int READ_BUFFER_BYTES = 2 * 1024;

    private final HttpConfig config;
    private final JsonMapper json;
    private final AtomicInteger underway = new AtomicInteger();

    TomcatSettings(HttpConfig config, JsonMapper json) {
        this.config = requireNonNull(config, "config");
        this.json = requireNonNull(json, "json");
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setPort(config.port());
        try {
            factory.setAddress(InetAddress.getByName(config.host()));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("http.host: " + config.host() + " is not an address of this machine", e);
        }
        factory.setProtocol(WatchedHttp11Protocol.class.getName());
        factory.addContextValves(new Hangups.ConnectionValve());
        factory.addConnectorCustomizers(this::limit);
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
                host.getPipeline().addValve(new ProblemReportValve(json));
            }
        });
    }

    /// Requests whose answers are not written to the last byte yet.
    AtomicInteger underway() {
        return underway;
    }

    private void limit(Connector connector) {
        connector.setAllowTrace(false);
        connector.setMaxParameterCount(PARAMETERS_MAX);
        connector.setXpoweredBy(false);
        // Names of models have slashes in them, which clients encode; %2F stays a part of its segment.
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        if (connector.getProtocolHandler() instanceof WatchedHttp11Protocol http) {
            http.countIn(underway);
            http.setMaxHttpRequestHeaderSize(HEADER_BYTES_MAX);
            http.setTcpNoDelay(true);
            http.setProperty("socket.appReadBufSize", Integer.toString(READ_BUFFER_BYTES));
            http.setProperty("socket.txBufSize", Integer.toString(SEND_BUFFER_BYTES));
            // Bounds how long the head of a request may take, and how long a write waits for its reader.
            http.setConnectionTimeout((int) EventStream.WRITE_TIMEOUT.toMillis());
            http.setMaxConnections(config.connectionsMax());
            http.setMaxKeepAliveRequests(-1);
        }
    }
}
