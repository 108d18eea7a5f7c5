package dev.steward.models;

import dev.steward.base.Cursor;
import dev.steward.web.PageRequest;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Cuts short lists that are ordered by a unique name.
final class Names {

    private Names() {}

    /// The rows from the cursor on, one more than asked for, in the asked order.
    static <T> List<T> part(List<T> all, Function<T, String> name, PageRequest page) {
        Comparator<T> order = Comparator.comparing(name);
        String after = page.cursor().map(Cursor::key).orElse("");
        return all.stream()
                .sorted(page.descending() ? order.reversed() : order)
                .filter(row -> after.isEmpty()
                        || (page.descending()
                                ? name.apply(row).compareTo(after) < 0
                                : name.apply(row).compareTo(after) > 0))
                .limit(page.limit() + 1L)
                .toList();
    }
}
