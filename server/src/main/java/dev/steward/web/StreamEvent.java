package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// One server-sent event.
///
/// @param id   what a client sends back as `Last-Event-ID`; empty: the last id stays
/// @param name the kind, such as `token`; empty: the default kind, `message`
/// @param data one JSON value on one line, or any text; lines are sent as lines
public record StreamEvent(Optional<String> id, Optional<String> name, String data) {

    public StreamEvent {
        requireNonNull(data, "data");
        id.ifPresent(StreamEvent::requireOneLine);
        name.ifPresent(StreamEvent::requireOneLine);
    }

    public static StreamEvent of(long id, String name, String data) {
        return new StreamEvent(Optional.of(Long.toString(id)), Optional.of(name), data);
    }

    private static void requireOneLine(String text) {
        if (text.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException("id and name of an event must be one line");
        }
    }
}
