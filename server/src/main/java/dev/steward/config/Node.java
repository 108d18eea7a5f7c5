package dev.steward.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A value as somebody wrote it, before it has a type, with its place.
sealed interface Node {

    /// The place for people: `steward.yaml:12`, a variable, a flag.
    String where();

    /// A number, a text, a switch: which of them, the record decides.
    ///
    /// @param base where a relative path begins
    record Text(String value, String where, Path base) implements Node {}

    /// Keys with values, in the order of writing.
    record Fields(Map<String, Node> values, String where) implements Node {}

    /// A list.
    record Items(List<Node> values, String where) implements Node {}

    /// A key without a value: the same as no key.
    record Nothing(String where) implements Node {}

    /// What kind of value it is, for messages.
    static String kind(Node node) {
        return switch (node) {
            case Text _ -> "a plain value";
            case Fields _ -> "a group of keys";
            case Items _ -> "a list";
            case Nothing _ -> "nothing";
        };
    }
}
