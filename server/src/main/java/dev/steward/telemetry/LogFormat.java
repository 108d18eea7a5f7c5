package dev.steward.telemetry;

/// How log events are written.
public enum LogFormat {
    /// Text where a person watches (the output is a terminal), JSON otherwise.
    AUTO,
    /// One JSON object a line, with the field names of the Elastic Common Schema.
    JSON,
    /// One readable line, and a stack trace where there is one.
    TEXT
}
