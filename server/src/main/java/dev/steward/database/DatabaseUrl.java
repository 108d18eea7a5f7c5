package dev.steward.database;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where an external PostgreSQL is, taken apart from either form of URL.
///
/// @param jdbc without user and password
/// @param host for messages: host and port as they were written
record DatabaseUrl(String jdbc, String host, Optional<String> user, Optional<Secret> password) {

    private static final String JDBC = "jdbc:postgresql://";

    DatabaseUrl {
        requireNonNull(jdbc, "jdbc");
        requireNonNull(host, "host");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    /// @throws IllegalArgumentException says what would pass, without repeating the URL: it may hold a password
    static DatabaseUrl parse(String url) {
        if (url.startsWith(JDBC)) {
            return parseJdbc(url);
        }
        if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
            return parseUri(url);
        }
        throw refused();
    }

    private static DatabaseUrl parseUri(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refused();
        }
        String database = Optional.ofNullable(uri.getRawPath()).orElse("");
        if (uri.getHost() == null || database.length() < 2) {
            throw refused();
        }
        String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Optional<String> user = Optional.empty();
        Optional<Secret> password = Optional.empty();
        String info = uri.getRawUserInfo();
        if (info != null && !info.isEmpty()) {
            int colon = info.indexOf(':');
            user = Optional.of(decode(colon < 0 ? info : info.substring(0, colon)));
            password = colon < 0 ? Optional.empty() : Optional.of(new Secret(decode(info.substring(colon + 1))));
        }
        return new DatabaseUrl(JDBC + host + database + query, host, user, password);
    }

    private static DatabaseUrl parseJdbc(String url) {
        int question = url.indexOf('?');
        String bare = question < 0 ? url : url.substring(0, question);
        int slash = bare.indexOf('/', JDBC.length());
        if (slash < 0 || slash == JDBC.length() || slash == bare.length() - 1 || bare.indexOf('@') >= 0) {
            throw refused();
        }
        Optional<String> user = Optional.empty();
        Optional<Secret> password = Optional.empty();
        var rest = new StringBuilder();
        for (String pair :
                question < 0 ? new String[0] : url.substring(question + 1).split("&", -1)) {
            if (pair.startsWith("user=")) {
                user = Optional.of(decode(pair.substring("user=".length())));
            } else if (pair.startsWith("password=")) {
                password = Optional.of(new Secret(decode(pair.substring("password=".length()))));
            } else if (!pair.isEmpty()) {
                rest.append(rest.isEmpty() ? '?' : '&').append(pair);
            }
        }
        return new DatabaseUrl(bare + rest, bare.substring(JDBC.length(), slash), user, password);
    }

    /// Percent-encoding only: in the part before `@` a plus sign means itself (RFC 3986).
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("url must look like postgres://user:password@host:5432/database or"
                + " jdbc:postgresql://host:5432/database, with special characters of the password percent-encoded");
    }
}
