package dev.steward.web;

import dev.steward.base.AddressRange;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;

/// Tells which address a request comes from: the socket's own, or, behind proxies that the operator trusts, the
/// right-most address of `X-Forwarded-For` that is not such a proxy. What a stranger writes into the header counts
/// for nothing. Thread-safe.
public final class ClientAddress {

    /// More hops than any real chain of proxies; the rest of the header is not looked at.
    private static final int HOPS_MAX = 16;

    private final List<AddressRange> trustedProxies;

    ClientAddress(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream().map(AddressRange::parse).toList();
    }

    public InetAddress of(HttpServletRequest request) {
        InetAddress socket = AddressRange.address(withoutZone(request.getRemoteAddr()));
        if (!trusted(socket)) {
            return socket;
        }
        InetAddress nearest = socket;
        List<String> hops = Collections.list(request.getHeaders("X-Forwarded-For")).stream()
                .flatMap(line -> List.of(line.split(",", -1)).stream())
                .map(String::strip)
                .toList();
        for (String hop : hops.reversed().stream().limit(HOPS_MAX).toList()) {
            try {
                nearest = AddressRange.address(hop);
            } catch (IllegalArgumentException _) {
                return nearest;
            }
            if (!trusted(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    /// Whether the caller's connection is encrypted, as far as Steward or a trusted proxy can tell.
    public boolean secure(HttpServletRequest request) {
        if (request.isSecure()) {
            return true;
        }
        return trusted(AddressRange.address(withoutZone(request.getRemoteAddr())))
                && "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }

    private boolean trusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    private static String withoutZone(String address) {
        int percent = address.indexOf('%');
        return percent < 0 ? address : address.substring(0, percent);
    }
}
