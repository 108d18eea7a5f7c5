package dev.steward.cli;

import static java.util.Objects.requireNonNull;

/// One server-sent event.
///
/// @param id   the last id that was sent, on this event or before it; empty if none was
/// @param name the kind; `message` when none is given
/// @param data its lines, with line ends between
record SseEvent(String id, String name, String data) {

    SseEvent {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(data, "data");
    }
}
