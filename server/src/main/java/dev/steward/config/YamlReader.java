package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Reads YAML into [Node]s with their places. Plain values keep their text: no `no` turns into `false`.
///
/// A key that stands twice, a tag, aliases that unfold into too much, and a file that is too large are faults.
final class YamlReader {

    private static final int BYTES_MAX = 1 << 20;
    private static final int DEPTH_MAX = 20;
    /// Far more than any configuration has; stops "billion laughs".
    private static final int NODES_MAX = 10_000;

    private final String source;
    private final boolean hasLines;
    private final Path base;
    private final List<ConfigFault> faults;
    private int nodes;

    private YamlReader(String source, boolean hasLines, Path base, List<ConfigFault> faults) {
        this.source = requireNonNull(source, "source");
        this.hasLines = hasLines;
        this.base = requireNonNull(base, "base");
        this.faults = requireNonNull(faults, "faults");
    }

    /// The whole file; relative paths in it begin where it is.
    static Node read(Path file, List<ConfigFault> faults) {
        Path absolute = file.toAbsolutePath().normalize();
        Path base = requireNonNull(absolute.getParent(), "a file has a directory");
        var nothing = new Node.Nothing(file.toString());
        try {
            if (Files.size(absolute) > BYTES_MAX) {
                faults.add(
                        new ConfigFault("", file.toString(), "the file is larger than 1 MiB; a configuration is not"));
                return nothing;
            }
            return new YamlReader(file.toString(), true, base, faults).parse(Files.readString(absolute));
        } catch (CharacterCodingException e) {
            faults.add(new ConfigFault("", file.toString(), "the file is not UTF-8 text"));
        } catch (IOException e) {
            faults.add(new ConfigFault("", file.toString(), "the file can't be read (" + reason(e) + ")"));
        }
        return nothing;
    }

    /// One value, such as that of a variable.
    static Node read(String text, String where, Path base, List<ConfigFault> faults) {
        return new YamlReader(where, false, base, faults).parse(text);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException _ -> "there is no such file";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private Node parse(String text) {
        var options = new LoaderOptions();
        options.setNestingDepthLimit(DEPTH_MAX);
        options.setCodePointLimit(BYTES_MAX);
        try {
            var root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            return root == null ? new Node.Nothing(source) : convert(root, 0);
        } catch (MarkedYAMLException e) {
            fault("", place(e.getProblemMark()), "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            fault(
                    "",
                    source,
                    "not valid YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        } catch (TooLarge e) {
            fault("", source, "more than " + NODES_MAX + " values or " + DEPTH_MAX + " levels");
        }
        return new Node.Nothing(source);
    }

    private Node convert(org.yaml.snakeyaml.nodes.Node node, int depth) {
        nodes++;
        if (nodes > NODES_MAX || depth > DEPTH_MAX) {
            throw new TooLarge();
        }
        String where = place(node.getStartMark());
        if (!node.getTag().startsWith(Tag.PREFIX)) {
            fault("", where, "the tag " + node.getTag() + " is not understood; write the value without a tag");
            return new Node.Nothing(where);
        }
        return switch (node) {
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> new Node.Nothing(where);
            case ScalarNode scalar -> new Node.Text(scalar.getValue(), where, base);
            case SequenceNode list -> items(list, where, depth);
            case MappingNode map -> fields(map, where, depth);
            default -> throw new IllegalStateException("YAML node " + node.getNodeId());
        };
    }

    private Node items(SequenceNode list, String where, int depth) {
        List<Node> items = new ArrayList<>();
        for (var item : list.getValue()) {
            items.add(convert(item, depth + 1));
        }
        return new Node.Items(items, where);
    }

    private Node fields(MappingNode map, String where, int depth) {
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            String keyPlace = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                fault("", keyPlace, "a key must be a plain text");
                continue;
            }
            Node value = convert(tuple.getValueNode(), depth + 1);
            Node first = fields.putIfAbsent(key.getValue(), value);
            if (first != null) {
                fault(key.getValue(), keyPlace, "the key stands here a second time, after " + first.where());
            }
        }
        return new Node.Fields(fields, where);
    }

    private String place(@Nullable Mark mark) {
        return hasLines && mark != null ? source + ":" + (mark.getLine() + 1) : source;
    }

    private void fault(String key, String where, String message) {
        faults.add(new ConfigFault(key, where, message));
    }

    /// Leaves the recursion.
    private static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("too large", null, false, false);
        }
    }
}
