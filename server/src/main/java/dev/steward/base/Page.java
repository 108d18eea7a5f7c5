package dev.steward.base;

import java.util.List;
import java.util.Optional;

/// A part of a list, and where the next part begins.
///
/// @param items      at most as many as were asked for
/// @param nextCursor opaque to callers; empty at the end of the list
public record Page<T>(List<T> items, Optional<Cursor> nextCursor) {

    public Page {
        items = List.copyOf(items);
    }

    /// Cuts `rows`, read with one more than `limit`, to a page; `at` gives the cursor that stands for a row.
    public static <T> Page<T> of(List<T> rows, int limit, java.util.function.Function<T, Cursor> at) {
        if (rows.size() <= limit) {
            return new Page<>(rows, Optional.empty());
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(items, Optional.of(at.apply(items.getLast())));
    }
}
