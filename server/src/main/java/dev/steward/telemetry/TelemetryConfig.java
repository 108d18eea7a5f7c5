package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.net.URI;
import java.util.Optional;

/// What Steward says about itself, and to whom.
///
/// @param otlpEndpoint where traces go, by HTTP; empty: nothing is collected and nothing is contacted
public record TelemetryConfig(
        @Setting("Base URL of an OpenTelemetry collector (OTLP over HTTP), such as http://127.0.0.1:4318;"
                + " empty: no traces are collected.")
        Optional<URI> otlpEndpoint,

        @Setting(value = "How logs are written: json, text, or auto (text on a terminal).", fallback = "auto")
        LogFormat logFormat,

        @Setting(value = "Least important log events that are written: debug, info, warn or error.", fallback = "info")
        LogLevel logLevel) {

    public static final Section<TelemetryConfig> SECTION = new Section<>("telemetry", TelemetryConfig.class);

    /// Importance of log events, rising.
    public enum LogLevel {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    public TelemetryConfig {
        requireNonNull(logFormat, "logFormat");
        requireNonNull(logLevel, "logLevel");
        otlpEndpoint.ifPresent(uri -> {
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null || uri.getQuery() != null) {
                throw new IllegalArgumentException("otlp_endpoint must look like http://host:4318");
            }
        });
    }
}
