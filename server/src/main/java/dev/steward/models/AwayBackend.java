package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A backend that does not answer now, or that nobody has looked at yet.
///
/// @param served what it served when it last answered, models that chat first; empty if it never did
public record AwayBackend(String name, List<ServedModel> served) {

    public AwayBackend {
        requireNonNull(name, "name");
        served = List.copyOf(served);
    }
}
