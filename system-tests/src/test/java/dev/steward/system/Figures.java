package dev.steward.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Times of one kind, printed for people; nothing is asserted about them. For one thread.
final class Figures {

    private final String what;
    private final List<Long> millis = new ArrayList<>();

    Figures(String what) {
        this.what = what;
    }

    void addSince(long nanos) {
        add(Duration.ofNanos(System.nanoTime() - nanos));
    }

    void add(Duration time) {
        millis.add(time.toMillis());
    }

    void print() {
        if (millis.isEmpty()) {
            return;
        }
        Collections.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "figure: %s: n=%d median=%d ms worst=%d ms%n",
                what,
                millis.size(),
                millis.get(millis.size() / 2),
                millis.getLast());
    }
}
