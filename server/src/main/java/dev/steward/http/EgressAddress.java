package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/// Where requests go and the headers that they all carry, read and checked once: for addresses that are asked often.
/// Immutable.
public final class EgressAddress {

    private final Target target;
    private final HttpRoute route;
    private final Header[] headers;

    /// @param headers sent as they are, beside `Host`, `Content-Length` and the connection's own
    /// @throws EgressException if URL or headers are not what can be sent
    public EgressAddress(URI url, Map<String, String> headers) {
        this(Target.parse(url), headers);
        Headers.check(headers);
    }

    /// @param headers checked already
    EgressAddress(Target target, Map<String, String> headers) {
        this.target = requireNonNull(target, "target");
        this.route = Connections.route(target);
        this.headers = new Header[headers.size() + 1];
        this.headers[0] = new BasicHeader("Host", target.authority());
        int next = 1;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            this.headers[next++] = new BasicHeader(header.getKey(), header.getValue());
        }
    }

    String path() {
        return target.path();
    }

    HttpRoute route() {
        return route;
    }

    /// Shared: not to be changed.
    Header[] headers() {
        return headers;
    }
}
