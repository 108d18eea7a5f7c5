package dev.steward.identity;

import dev.steward.base.Cursor;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import dev.steward.web.PageRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads the cursors of lists that are ordered by time.
final class Cursors {

    private Cursors() {}

    static Cursor at(Instant time, UUID id) {
        return new Cursor(time.toString(), id);
    }

    static Optional<UUID> id(PageRequest page) {
        return page.cursor().map(Cursor::id);
    }

    static Optional<OffsetDateTime> time(PageRequest page) {
        return page.cursor().map(cursor -> parse(cursor.key()));
    }

    private static OffsetDateTime parse(String key) {
        try {
            OffsetDateTime time = Instant.parse(key).atOffset(ZoneOffset.UTC);
            if (time.getYear() >= 1 && time.getYear() <= 9999) {
                return time;
            }
        } catch (DateTimeException _) {
            // Answered below.
        }
        throw StewardException.invalid(
                List.of(new FieldFault("cursor", "format", "use the next_cursor of the page before, unchanged")));
    }
}
