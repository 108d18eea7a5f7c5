package dev.steward.http;

import dev.steward.base.Saying;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Kept connections to model servers, for calls whose answer is a long stream.
///
/// An origin that was named with [#trust] is reachable wherever it is; all others only as [Egress] would. No
/// redirects, cookies, unpacking, proxies; [EgressCall#send] says when a request is sent a second time. Safe for
/// use by many threads.
public final class EgressPool implements AutoCloseable {

    private final AddressPolicy policy;
    private final Connections connections;

    public EgressPool(EgressConfig config) {
        this(config, NameService.system(AddressPolicy.LOOK_UP_MAX));
    }

    EgressPool(EgressConfig config, NameService names) {
        this.policy = new AddressPolicy(config, names);
        this.connections = new Connections(policy);
    }

    /// Makes the host and port of this URL reachable, also on a private network: it is configured by the operator.
    ///
    /// @throws EgressException if it is not a URL that can be asked
    public void trust(URI url) {
        policy.trust(Target.parse(url));
    }

    /// Looks at an address without asking anybody: to refuse it early, where it is typed in.
    ///
    /// @throws EgressException if it is not a URL that can be asked, or a cloud's metadata service by its number
    public static void check(URI url) {
        Target target = Target.parse(url);
        String host = target.host();
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            if (SpecialAddresses.isMetadata(address)) {
                throw new EgressException(
                        EgressException.Kind.ADDRESS_REFUSED, Saying.BACKEND_METADATA.english(), null);
            }
        } catch (IllegalArgumentException _) {
            // A name: its addresses are checked with each connection.
        }
    }

    /// Prepares a call. Nothing is sent before [EgressCall#send]; close it, whatever happens.
    ///
    /// @throws EgressException if URL or headers are not what can be sent
    public EgressCall open(EgressRequest request) {
        return open(
                new EgressAddress(request.url(), request.headers()),
                request.method(),
                Map.of(),
                request.body(),
                request.connectTimeout(),
                request.answerTimeout());
    }

    /// Prepares a call to an address that was checked before. The arguments are those of [EgressRequest].
    ///
    /// @param headers of this call alone, beside those of the address
    /// @throws EgressException if these headers are not what can be sent
    public EgressCall open(
            EgressAddress address,
            String method,
            Map<String, String> headers,
            @Nullable EgressBody body,
            Duration connectTimeout,
            Duration answerTimeout) {
        Headers.check(headers);
        return new EgressCall(connections, address, method, headers, body, connectTimeout, answerTimeout);
    }

    /// Connections in use now.
    public int inUse() {
        return connections.leased();
    }

    /// Connections kept for the next call.
    public int kept() {
        return connections.idle();
    }

    /// Ends every connection, in use or not.
    @Override
    public void close() {
        connections.close();
    }
}
