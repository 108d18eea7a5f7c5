package dev.steward.base;

import static java.util.Objects.requireNonNull;

/// One thing wrong with one field of a request.
///
/// @param field   the field as the caller wrote it, such as `message` or `backends[1].url`
/// @param rule    the rule that it breaks, a stable word such as `length`, `unknown_field`, `path_traversal`
/// @param message what would pass, in plain words
public record FieldFault(String field, String rule, String message) {

    public FieldFault {
        requireNonNull(field, "field");
        requireNonNull(rule, "rule");
        requireNonNull(message, "message");
    }
}
