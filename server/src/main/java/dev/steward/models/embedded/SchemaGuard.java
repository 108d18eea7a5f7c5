package dev.steward.models.embedded;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Decides whether a JSON Schema can be held to by the built-in model.
///
/// The library turns a schema into a grammar, and ends the whole process when it meets one that it does not know. So
/// only what it was seen to understand goes there: types, properties, items, enum, const, anyOf, oneOf, bounds, and
/// patterns of literals, classes and counts.
final class SchemaGuard {

    /// Deeper nesting makes grammars that take longer than the answer.
    static final int DEPTH_MAX = 16;

    /// More parts than any schema needs that a small model can follow.
    static final int NODES_MAX = 500;

    /// Longest list or text that a schema may bound: each step is a rule of the grammar.
    static final int LENGTH_MAX = 2_000;

    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "integer", "number", "boolean", "null");

    /// Looked at elsewhere, or said for readers and not for the grammar.
    private static final Set<String> IGNORED = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "$schema",
            "$id",
            "additionalProperties",
            "strict",
            "format",
            "required",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "deprecated");
    private static final Pattern SIMPLE_PATTERN =
            Pattern.compile("\\^(?:(?:[A-Za-z0-9 :,@/_-]|\\\\d|\\\\w|\\\\s|\\\\\\.|\\[[A-Za-z0-9 :,@/_-]+\\])"
                    + "(?:\\{\\d{1,2}(?:,\\d{0,2})?\\}|[+*?])?)+\\$");

    private int nodes;

    private SchemaGuard() {}

    /// Why this schema can't be used, for people; empty when it can.
    static Optional<String> fault(JsonNode schema) {
        return new SchemaGuard().fault(schema, "schema", 0);
    }

    private Optional<String> fault(JsonNode schema, String at, int depth) {
        if (!schema.isObject()) {
            return Optional.of(at + " must be an object");
        }
        if (depth > DEPTH_MAX || ++nodes > NODES_MAX) {
            return Optional.of(
                    "the schema is nested deeper than " + DEPTH_MAX + " or has more than " + NODES_MAX + " parts");
        }
        for (var entry : schema.properties()) {
            Optional<String> fault = keyword(entry.getKey(), entry.getValue(), at, depth);
            if (fault.isPresent()) {
                return fault;
            }
        }
        if (List.of("type", "enum", "const", "anyOf", "oneOf", "properties").stream()
                .noneMatch(schema::has)) {
            return Optional.of(at + " must have a type, enum, const, anyOf, oneOf or properties");
        }
        Optional<String> shape = shapes(schema, at);
        return shape.isPresent() ? shape : bounds(schema, at);
    }

    private Optional<String> keyword(String name, JsonNode value, String at, int depth) {
        String where = at + "." + name;
        return switch (name) {
            case "type" -> type(value) ? Optional.empty() : Optional.of(where + " is not a type of JSON");
            case "enum" ->
                value.isArray() && !value.isEmpty() && value.size() <= NODES_MAX
                        ? Optional.empty()
                        : Optional.of(where + " must list 1 to " + NODES_MAX + " values");
            case "const" -> Optional.empty();
            case "pattern" ->
                value.isString() && SIMPLE_PATTERN.matcher(value.stringValue()).matches()
                        ? Optional.empty()
                        : Optional.of(where + " is more than the built-in model can hold to");
            case "properties" -> members(value, where, depth);
            case "items" -> fault(value, where, depth + 1);
            case "anyOf", "oneOf" ->
                value.isArray() && !value.isEmpty()
                        ? elements(value, where, depth)
                        : Optional.of(where + " must list schemas");
            default ->
                IGNORED.contains(name)
                        ? Optional.empty()
                        : Optional.of("the built-in model can't hold to the schema keyword " + where);
        };
    }

    private Optional<String> members(JsonNode value, String at, int depth) {
        if (!value.isObject()) {
            return Optional.of(at + " must be an object");
        }
        return value.properties().stream()
                .map(p -> fault(p.getValue(), at + "." + p.getKey(), depth + 1))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> elements(JsonNode value, String at, int depth) {
        return value.valueStream()
                .map(v -> fault(v, at, depth + 1))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean type(JsonNode value) {
        if (value.isString()) {
            return TYPES.contains(value.stringValue());
        }
        return value.isArray()
                && !value.isEmpty()
                && value.valueStream().allMatch(v -> v.isString() && TYPES.contains(v.stringValue()));
    }

    /// The grammar writer dies of bounds that are not numbers or leave nothing between them.
    private static Optional<String> bounds(JsonNode schema, String at) {
        for (String name : List.of("minItems", "maxItems", "minLength", "maxLength")) {
            JsonNode value = schema.get(name);
            if (value != null && !(value.isInt() && value.intValue() >= 0 && value.intValue() <= LENGTH_MAX)) {
                return Optional.of(at + "." + name + " must be 0 to " + LENGTH_MAX);
            }
        }
        for (String name : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            JsonNode value = schema.get(name);
            if (value != null && !(value.isIntegralNumber() && value.canConvertToInt())) {
                return Optional.of(at + "." + name + " must be a whole number of 32 bits");
            }
        }
        long low = Math.max(
                bound(schema, "minimum", Integer.MIN_VALUE), bound(schema, "exclusiveMinimum", Integer.MIN_VALUE) + 1);
        long high = Math.min(
                bound(schema, "maximum", Integer.MAX_VALUE), bound(schema, "exclusiveMaximum", Integer.MAX_VALUE) - 1);
        if (low > high
                || bound(schema, "minItems", 0) > bound(schema, "maxItems", LENGTH_MAX)
                || bound(schema, "minLength", 0) > bound(schema, "maxLength", LENGTH_MAX)) {
            return Optional.of(at + " has bounds that no value fits");
        }
        return Optional.empty();
    }

    private static long bound(JsonNode schema, String name, long otherwise) {
        JsonNode value = schema.get(name);
        return value == null ? otherwise : value.longValue();
    }

    /// Keywords whose value must be of one kind.
    private static Optional<String> shapes(JsonNode schema, String at) {
        JsonNode required = schema.get("required");
        if (required != null && !(required.isArray() && required.valueStream().allMatch(JsonNode::isString))) {
            return Optional.of(at + ".required must list names");
        }
        JsonNode more = schema.get("additionalProperties");
        if (more != null && !more.isBoolean()) {
            return Optional.of(at + ".additionalProperties must be true or false");
        }
        JsonNode format = schema.get("format");
        if (format != null && !format.isString()) {
            return Optional.of(at + ".format must be text");
        }
        return Optional.empty();
    }
}
