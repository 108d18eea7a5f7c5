package dev.steward.web;

import java.time.Duration;

/// How often one caller may come.
///
/// @param every time after which one more request is allowed
/// @param burst requests that may come at once after a pause
record Rate(Duration every, int burst) {

    Rate {
        if (every.isNegative() || every.isZero() || burst < 1) {
            throw new IllegalArgumentException("a rate must be positive");
        }
    }

    static Rate perSecond(int count) {
        return new Rate(Duration.ofSeconds(1).dividedBy(count), 2 * count);
    }

    static Rate perMinute(int count) {
        return new Rate(Duration.ofMinutes(1).dividedBy(count), count);
    }
}
