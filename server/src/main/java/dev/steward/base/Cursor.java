package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/// A place in a list that is ordered by one key and, where keys are equal, by id.
///
/// @param key the sort key of the last row seen, as text; its meaning belongs to the list
/// @param id  the id of the last row seen
public record Cursor(String key, UUID id) {

    /// Longest cursor that is read back, in characters.
    public static final int LENGTH_MAX = 512;

    public Cursor {
        requireNonNull(key, "key");
        requireNonNull(id, "id");
    }

    /// The form in which callers carry it; opaque to them.
    public String encode() {
        String plain = id + "." + key;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads what [#encode] wrote.
    ///
    /// @throws StewardException `validation_error` on anything else
    public static Cursor decode(String text) {
        try {
            if (text.length() <= LENGTH_MAX) {
                String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                if (plain.length() > 36 && plain.charAt(36) == '.') {
                    return new Cursor(plain.substring(37), UUID.fromString(plain.substring(0, 36)));
                }
            }
        } catch (IllegalArgumentException _) {
            // Answered below, together with every other malformed cursor.
        }
        throw StewardException.invalid(List.of(new FieldFault(
                "cursor", "format", "use the next_cursor of the page before, unchanged, or leave it out")));
    }
}
