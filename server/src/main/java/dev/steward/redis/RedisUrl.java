package dev.steward.redis;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Where a Redis is, taken apart.
///
/// @param database 0 to [#DATABASE_MAX]; which of them exist is Redis' own setting
record RedisUrl(boolean tls, String host, int port, Optional<String> user, Optional<Secret> password, int database) {

    private static final int PORT_DEFAULT = 6379;
    private static final int PORT_MAX = 65_535;

    /// Far above what anybody configures (Redis' default is 16), and small enough for an `int`.
    static final int DATABASE_MAX = 99_999;

    RedisUrl {
        requireNonNull(host, "host");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        if (host.isEmpty() || port < 1 || port > PORT_MAX || database < 0 || database > DATABASE_MAX) {
            throw refused();
        }
        if (user.isPresent() && password.isEmpty()) {
            throw refused();
        }
    }

    /// @throws IllegalArgumentException says what would pass, without repeating the URL: it may hold a password
    static RedisUrl parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refused();
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("redis") && !scheme.equals("rediss")) {
            throw refused();
        }
        if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused();
        }
        String info = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
        int colon = info.indexOf(':');
        return new RedisUrl(
                scheme.equals("rediss"),
                bare(uri.getHost()),
                uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort(),
                colon > 0 ? Optional.of(decode(info.substring(0, colon))) : colon < 0 ? given(info) : Optional.empty(),
                colon < 0 ? Optional.empty() : given(info.substring(colon + 1)).map(Secret::new),
                database(Optional.ofNullable(uri.getRawPath()).orElse("")));
    }

    /// Host and port, for messages.
    String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /// An address of IPv6 stands in brackets in a URL, and without them elsewhere.
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static Optional<String> given(String raw) {
        return raw.isEmpty() ? Optional.empty() : Optional.of(decode(raw));
    }

    private static int database(String path) {
        String number = path.startsWith("/") ? path.substring(1) : path;
        if (number.isEmpty()) {
            return 0;
        }
        if (!number.matches("\\d{1,5}")) {
            throw refused();
        }
        return Integer.parseInt(number);
    }

    /// Percent-encoding only: in the part before `@` a plus sign means itself (RFC 3986).
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw refused();
        }
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("url must look like redis://host:6379, redis://:password@host:6379/0 or"
                + " rediss://user:password@host:6379/0 (with TLS), with special characters of the password"
                + " percent-encoded");
    }
}
