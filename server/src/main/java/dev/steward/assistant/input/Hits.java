package dev.steward.assistant.input;

import dev.steward.assistant.input.InputFlag.Kind;
import dev.steward.assistant.input.InputFlag.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what a scan finds; costs nothing while there is nothing. Used by one thread.
final class Hits {

    private @Nullable EnumMap<Kind, Found> found;

    private static final class Found {
        private final List<Span> spans = new ArrayList<>();
        private double score;
    }

    /// Adds a place; `origin`, if given, tells where each character stood before decoding.
    void add(Kind kind, double score, int from, int to, int @Nullable [] origin) {
        EnumMap<Kind, Found> map = found;
        if (map == null) {
            map = new EnumMap<>(Kind.class);
            found = map;
        }
        Found of = map.computeIfAbsent(kind, _ -> new Found());
        of.score = Math.max(of.score, score);
        if (of.spans.size() == InputFlag.SPANS_MAX) {
            return; // A text full of signs costs no more than its scan.
        }
        Span span = origin == null ? new Span(from, to) : new Span(origin[from], origin[to]);
        if (!of.spans.contains(span)) {
            of.spans.add(span);
        }
    }

    List<InputFlag> flags() {
        EnumMap<Kind, Found> map = found;
        if (map == null) {
            return List.of();
        }
        List<InputFlag> flags = new ArrayList<>();
        map.forEach((kind, of) -> flags.add(new InputFlag(kind, of.score, of.spans)));
        return flags;
    }
}
