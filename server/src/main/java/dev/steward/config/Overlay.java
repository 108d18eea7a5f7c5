package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Lays environment variables and flags over the tree that was read from the file.
///
/// `http.port` is `STEWARD_HTTP_PORT`, `backends[0].url` is `STEWARD_BACKENDS_0_URL`. A list or a group can be given
/// whole, as JSON or YAML; a list of plain values also with commas between. An empty variable counts as not set.
final class Overlay {

    private static final String PREFIX = "STEWARD_";
    /// Read elsewhere: by the launcher and the terminal.
    private static final Set<String> NOT_SETTINGS = Set.of(
            "STEWARD_CONFIG",
            "STEWARD_URL",
            "STEWARD_TOKEN",
            "STEWARD_JAVA_OPTS",
            "STEWARD_AOT",
            "STEWARD_BUILD",
            "STEWARD_HEAP");
    /// Kubernetes gives every container these when a service is called `steward`.
    private static final Pattern KUBERNETES =
            Pattern.compile("STEWARD_(SERVICE_(HOST|PORT)(_\\w+)?|PORT(_\\d+_(TCP|UDP)(_\\w+)?)?)");

    private final Schema.Group schema;
    private final Path base;
    private final List<ConfigFault> faults;

    Overlay(Schema.Group schema, Path base, List<ConfigFault> faults) {
        this.schema = requireNonNull(schema, "schema");
        this.base = requireNonNull(base, "base");
        this.faults = requireNonNull(faults, "faults");
    }

    Node environment(Node tree, Map<String, String> environment) {
        Node result = tree;
        // Sorted, so that STEWARD_BACKENDS comes before STEWARD_BACKENDS_0_URL and items come in order.
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || variable.getValue().isEmpty() || NOT_SETTINGS.contains(name)) {
                continue;
            }
            List<String> path = path(schema, name.substring(PREFIX.length()));
            if (!path.isEmpty()) {
                result = put(result, schema, path, variable.getValue(), name);
            } else if (!KUBERNETES.matcher(name).matches()) {
                String near = Suggestion.of(name, names(schema, PREFIX));
                faults.add(new ConfigFault("", name, "no setting has this variable." + near));
            }
        }
        return result;
    }

    Node flag(Node tree, String key, ConfigSources.Flag flag) {
        return put(tree, schema, List.of(key.split("\\.")), flag.value(), flag.name());
    }

    /// The home as a variable or a flag names it: known before the file is found.
    static Node homeOnly(ConfigSources sources, Path base) {
        ConfigSources.Flag flag = sources.flags().get("home");
        String text = flag == null ? sources.environment().getOrDefault("STEWARD_HOME", "") : flag.value();
        Node home = text.isEmpty() ? new Node.Nothing("default") : new Node.Text(text, "STEWARD_HOME", base);
        return new Node.Fields(Map.of("home", home), "default");
    }

    /// The keys that a variable's name spells; empty if it spells none.
    private static List<String> path(Schema schema, String rest) {
        return switch (schema) {
            case Schema.Value _ -> List.of();
            case Schema.Listing list -> {
                int end = rest.indexOf('_');
                String index = end < 0 ? rest : rest.substring(0, end);
                yield index.matches("\\d{1,3}") ? step(index, list.item(), rest) : List.of();
            }
            case Schema.Group group -> {
                for (Schema.Entry entry : group.entries()) {
                    List<String> path = step(entry.key(), entry.schema(), rest);
                    if (!path.isEmpty()) {
                        yield path;
                    }
                }
                yield List.of();
            }
        };
    }

    private static List<String> step(String key, Schema schema, String rest) {
        String upper = key.toUpperCase(Locale.ROOT);
        if (rest.equals(upper)) {
            return List.of(key);
        }
        if (!rest.startsWith(upper + "_")) {
            return List.of();
        }
        List<String> below = path(schema, rest.substring(upper.length() + 1));
        List<String> path = new ArrayList<>(List.of(key));
        path.addAll(below);
        return below.isEmpty() ? List.of() : path;
    }

    private static Set<String> names(Schema schema, String prefix) {
        var names = new TreeSet<String>();
        switch (schema) {
            case Schema.Value _ -> names.add(prefix);
            case Schema.Listing list -> {
                names.add(prefix);
                names.addAll(names(list.item(), prefix + "_0"));
            }
            case Schema.Group group -> {
                String joint = prefix.endsWith("_") ? prefix : prefix + "_";
                for (Schema.Entry entry : group.entries()) {
                    names.addAll(names(entry.schema(), joint + entry.key().toUpperCase(Locale.ROOT)));
                }
            }
        }
        return names;
    }

    private Node put(Node tree, Schema at, List<String> path, String text, String where) {
        if (path.isEmpty()) {
            return whole(at, text, where);
        }
        String key = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        return switch (at) {
            case Schema.Value _ -> throw new IllegalStateException("no key below a plain value: " + path);
            case Schema.Listing list -> putItem(tree, list, Integer.parseInt(key), rest, text, where);
            case Schema.Group group -> {
                Map<String, Node> fields = new LinkedHashMap<>(tree instanceof Node.Fields f ? f.values() : Map.of());
                Node below = fields.getOrDefault(key, new Node.Nothing(where));
                fields.put(key, put(below, schemaOf(group, key), rest, text, where));
                yield new Node.Fields(fields, tree instanceof Node.Fields ? tree.where() : where);
            }
        };
    }

    private Node putItem(Node tree, Schema.Listing list, int index, List<String> rest, String text, String where) {
        List<Node> items = new ArrayList<>(tree instanceof Node.Items i ? i.values() : List.of());
        if (index > items.size()) {
            faults.add(new ConfigFault("", where, "item " + index + " needs an item " + items.size() + " before it"));
            return tree;
        }
        if (index == items.size()) {
            items.add(new Node.Nothing(where));
        }
        items.set(index, put(items.get(index), list.item(), rest, text, where));
        return new Node.Items(items, tree instanceof Node.Items ? tree.where() : where);
    }

    private Node whole(Schema at, String text, String where) {
        return switch (at) {
            case Schema.Value _ -> new Node.Text(text, where, base);
            case Schema.Listing list
            when list.item() instanceof Schema.Value && !text.startsWith("[") ->
                new Node.Items(
                        Pattern.compile(",")
                                .splitAsStream(text)
                                .map(String::strip)
                                .<Node>map(item -> new Node.Text(item, where, base))
                                .toList(),
                        where);
            case Schema.Listing _, Schema.Group _ -> YamlReader.read(text, where, base, faults);
        };
    }

    private static Schema schemaOf(Schema.Group group, String key) {
        return group.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .map(Schema.Entry::schema)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no setting has the key " + key));
    }
}
