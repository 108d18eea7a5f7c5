package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// A line that an attempt wrote, on its way into the table.
///
/// @param place from 0 in its attempt; the same one again changes nothing
/// @param age   how long ago it was written
record LogLine(Lease lease, int place, Duration age, String text) {

    LogLine {
        requireNonNull(lease, "lease");
        requireNonNull(age, "age");
        requireNonNull(text, "text");
    }
}
