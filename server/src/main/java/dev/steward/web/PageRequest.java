package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.Page;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Which part of a list is asked for: `?limit=50&cursor=…&sort=-created&status=failed`.
///
/// A controller method takes it as an argument marked [Listing], which names what may be sorted and filtered by;
/// anything else in the query is refused.
///
/// @param limit      most items to return, 1 to [#LIMIT_MAX]
/// @param cursor     where to go on; empty: from the beginning
/// @param sort       the field to order by, one of those that [Listing] names
/// @param descending whether the greatest comes first (`sort=-created`)
/// @param filters    the given filters, each named by [Listing], with their text as it was sent
public record PageRequest(
        int limit, Optional<Cursor> cursor, String sort, boolean descending, Map<String, String> filters) {

    /// Of rows that their key tells apart.
    private static final UUID NO_ID = new UUID(0, 0);

    public static final int LIMIT_DEFAULT = 50;
    public static final int LIMIT_MAX = 200;

    public PageRequest {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be 1 to " + LIMIT_MAX + ", was " + limit);
        }
        requireNonNull(cursor, "cursor");
        requireNonNull(sort, "sort");
        filters = Map.copyOf(filters);
    }

    /// This part of a list that is at hand whole, ordered by a key that tells its rows apart.
    public <T> Page<T> of(List<T> all, Function<T, String> key) {
        Comparator<T> order = Comparator.comparing(key);
        Comparator<T> asked = descending ? order.reversed() : order;
        List<T> rows = all.stream()
                .sorted(asked)
                .filter(row -> cursor.isEmpty()
                        || isBehind(key.apply(row), cursor.get().key()))
                .limit(limit + 1L)
                .toList();
        return Page.of(rows, limit, row -> new Cursor(key.apply(row), NO_ID));
    }

    private boolean isBehind(String key, String last) {
        return descending ? key.compareTo(last) < 0 : key.compareTo(last) > 0;
    }

    /// The text of a filter, if it was given.
    public Optional<String> filter(String name) {
        return Optional.ofNullable(filters.get(name));
    }
}
