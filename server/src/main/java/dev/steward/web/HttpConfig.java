package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.AddressRange;
import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.util.List;

/// Settings of the HTTP server.
///
/// @param trustedProxies checked by [ClientAddress]
public record HttpConfig(
        @Setting(value = "Address to listen on.", fallback = "127.0.0.1")
        String host,

        @Setting(value = "Port to listen on, 0 to 65535; 0 takes a free one.", fallback = "8080")
        int port,

        @Setting(
                "Addresses or CIDR ranges of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.")
        List<String> trustedProxies,

        @Setting(
                value = "Requests that are worked on at once, 1 to 100000; more wait in the system's queue.",
                fallback = "10000")
        int connectionsMax) {

    public static final Section<HttpConfig> SECTION = new Section<>("http", HttpConfig.class);

    public HttpConfig {
        requireNonNull(host, "host");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0 to 65535");
        }
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(AddressRange::parse);
        if (connectionsMax < 1 || connectionsMax > 100_000) {
            throw new IllegalArgumentException("connections_max must be 1 to 100000");
        }
    }
}
