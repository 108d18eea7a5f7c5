package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A URL that may be asked, taken apart: there is exactly one way to read it.
///
/// @param secure whether by TLS
/// @param host   a name in lower-case ASCII, or an IP address in canonical form, IPv6 without brackets
/// @param port   1 to 65,535
/// @param path   path and query, beginning with a slash
record Target(boolean secure, String host, int port, String path) {

    /// Longest URL; what browsers and servers agree on.
    static final int LENGTH_MAX = 2_048;

    private static final int NAME_LENGTH_MAX = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern QUAD =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    Target {
        requireNonNull(host, "host");
        requireNonNull(path, "path");
    }

    /// Reads a URL.
    ///
    /// @throws EgressException `URL_REFUSED`, saying what would pass
    static Target parse(String url) {
        if (url.length() > LENGTH_MAX) {
            throw refused("it is longer than " + LENGTH_MAX + " characters");
        }
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '\\') {
                throw refused("write it in plain ASCII without spaces and backslashes; a host name in its xn-- form");
            }
        }
        try {
            return parse(new URI(url));
        } catch (URISyntaxException _) {
            throw refused("it is not a valid URL");
        }
    }

    /// Reads a URL.
    ///
    /// @throws EgressException `URL_REFUSED`, saying what would pass
    static Target parse(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !scheme.equals("http")) {
            throw refused("it must begin with https:// or http://");
        }
        String authority = uri.getRawAuthority();
        if (authority == null || uri.getRawUserInfo() != null || authority.indexOf('@') >= 0) {
            throw refused("it must name a host and hold no user name or password");
        }
        String host = uri.getHost();
        if (host == null || authority.endsWith(":")) {
            throw refused("its host is not valid");
        }
        int port = uri.getPort();
        if (port == 0 || port > 65_535) {
            throw refused("its port must be 1 to 65535");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery();
        return new Target(
                secure,
                canonical(host.toLowerCase(Locale.ROOT)),
                port < 0 ? (secure ? 443 : 80) : port,
                query == null ? path : path + "?" + query);
    }

    /// The host as it stands in a URL or in the `Host` header.
    String hostInUrl() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /// The host, and the port unless it is the scheme's own.
    String authority() {
        return port == (secure ? 443 : 80) ? hostInUrl() : hostInUrl() + ":" + port;
    }

    /// The address, if the host is written as one; it is never looked up.
    @Nullable InetAddress literal() {
        return host.indexOf(':') >= 0 || QUAD.matcher(host).matches() ? InetAddress.ofLiteral(host) : null;
    }

    private static String canonical(String host) {
        if (host.startsWith("[")) {
            return v6(host.substring(1, host.length() - 1));
        }
        String[] labels = host.split("\\.", -1);
        String last = labels[labels.length - 1];
        if (!last.isEmpty() && last.charAt(0) >= '0' && last.charAt(0) <= '9') {
            return v4(host);
        }
        if (host.length() > NAME_LENGTH_MAX) {
            throw refused("its host name is too long");
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw refused("its host name is not valid");
            }
        }
        return host;
    }

    /// Only four decimal numbers: what looks like a number is read as an address by some and as a name by others.
    private static String v4(String host) {
        if (!QUAD.matcher(host).matches()) {
            throw refused("an IP address is written as four decimal numbers, such as 192.0.2.1");
        }
        for (String part : host.split("\\.", -1)) {
            if (Integer.parseInt(part) > 255) {
                throw refused("an IP address is written as four numbers from 0 to 255");
            }
        }
        return host;
    }

    private static String v6(String text) {
        if (text.indexOf('%') >= 0) {
            throw refused("an IP address must not name a network interface");
        }
        try {
            return InetAddress.ofLiteral(text).getHostAddress();
        } catch (IllegalArgumentException _) {
            throw refused("its IPv6 address is not valid");
        }
    }

    private static EgressException refused(String why) {
        return new EgressException(
                EgressException.Kind.URL_REFUSED, "The URL was refused and nothing was sent: " + why + ".", null);
    }
}
