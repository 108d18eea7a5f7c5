package dev.steward.base;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Wording.Phrase;
import java.util.List;

/// One thing wrong with one field of a request.
///
/// @param field   the field as the caller wrote it, such as `message` or `backends[1].url`
/// @param rule    the rule that it breaks, a stable word such as `length`, `unknown_field`, `path_traversal`
/// @param message what would pass, in plain words
/// @param words   what `message` is made of, for those who say it in another language; empty: it is in English only
public record FieldFault(String field, String rule, String message, List<Phrase> words) {

    public FieldFault {
        requireNonNull(field, "field");
        requireNonNull(rule, "rule");
        requireNonNull(message, "message");
        words = List.copyOf(words);
    }

    /// In English only.
    public FieldFault(String field, String rule, String message) {
        this(field, rule, message, List.of());
    }

    public FieldFault(String field, String rule, Wording message) {
        this(field, rule, message.english(), message.phrases());
    }

    /// The same rule broken by another field.
    public FieldFault at(String other) {
        return new FieldFault(other, rule, message, words);
    }
}
