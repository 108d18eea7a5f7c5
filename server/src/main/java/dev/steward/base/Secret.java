package dev.steward.base;

import static java.util.Objects.requireNonNull;

/// A text that must never reach a log, an error or a page by accident: its `toString` hides it.
public record Secret(String value) {

    public Secret {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return "***";
    }
}
