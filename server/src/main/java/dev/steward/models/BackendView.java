package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/// What the last look at a backend showed.
///
/// @param looked    whether there was a look at all
/// @param available whether it answered
/// @param since     when it came into this state
/// @param models    what it serves, its own order; of a backend that is gone, what it served last
/// @param message   what is wrong, for people; empty if nothing is
record BackendView(boolean looked, boolean available, Instant since, List<ServedModel> models, String message) {

    BackendView {
        requireNonNull(since, "since");
        models = List.copyOf(models);
        requireNonNull(message, "message");
    }

    static BackendView unknown(Instant now) {
        return new BackendView(false, false, now, List.of(), "not looked at yet");
    }

    BackendView answered(List<ServedModel> served, Instant now) {
        return new BackendView(true, true, looked && available ? since : now, served, "");
    }

    BackendView failed(String reason, Instant now) {
        return new BackendView(true, false, looked && !available ? since : now, models, reason);
    }
}
