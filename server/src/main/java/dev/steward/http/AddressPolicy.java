package dev.steward.http;

import static java.util.Objects.requireNonNull;

import dev.steward.base.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which addresses may be connected to: public ones at the web's ports, what the operator allows, and named
/// origins.
///
/// A name is looked up once per connection; if any of its addresses may not be reached, none is used. Safe for use
/// by many threads.
final class AddressPolicy {

    /// Ports of public addresses that may be reached; others are no web servers.
    static final Set<Integer> PORTS = Set.of(80, 443, 8080, 8443);

    /// Longest time that a look-up may take.
    static final Duration LOOK_UP_MAX = Duration.ofSeconds(5);

    /// More addresses than this for one name are not looked at.
    private static final int ADDRESSES_MAX = 64;

    private final List<AddressRange> allowed;
    private final NameService names;
    private final Set<InetSocketAddress> origins = ConcurrentHashMap.newKeySet();

    AddressPolicy(EgressConfig config, NameService names) {
        this.allowed = config.allow().stream().map(AddressRange::parse).toList();
        this.names = requireNonNull(names, "names");
    }

    /// Lets one host and port through, whatever its addresses are, but never to a cloud's metadata service: it
    /// gives its machine's credentials to whoever asks.
    void trust(Target target) {
        origins.add(InetSocketAddress.createUnresolved(target.host(), target.port()));
    }

    /// Looks a host up and checks every address.
    ///
    /// @throws AddressRefusedException if one of them may not be reached
    List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        InetAddress[] found = names.lookUp(host);
        boolean trusted = origins.contains(InetSocketAddress.createUnresolved(host, port));
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : found) {
            if (!trusted) {
                check(address, port);
            } else if (SpecialAddresses.isMetadata(address)) {
                throw metadata();
            }
            if (addresses.size() < ADDRESSES_MAX) {
                addresses.add(new InetSocketAddress(address, port));
            }
        }
        return addresses;
    }

    /// Checks the address of a connection that was made to a host.
    void checkConnected(String host, InetSocketAddress remote) throws AddressRefusedException {
        if (!origins.contains(InetSocketAddress.createUnresolved(host, remote.getPort()))) {
            check(remote.getAddress(), remote.getPort());
        } else if (SpecialAddresses.isMetadata(remote.getAddress())) {
            throw metadata();
        }
    }

    private static AddressRefusedException metadata() {
        return new AddressRefusedException("the host is a cloud's metadata service");
    }

    private void check(InetAddress address, int port) throws AddressRefusedException {
        if (allowed.stream().anyMatch(range -> range.contains(address))) {
            return;
        }
        if (!SpecialAddresses.isPublic(address)) {
            throw new AddressRefusedException("the host is not on the public internet");
        }
        if (!PORTS.contains(port)) {
            throw new AddressRefusedException("port " + port + " is not a port of the web");
        }
    }
}
