package dev.steward.config;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes records of a tree. Goes on after a fault, so that all are found.
final class Binder {

    private static final int SHOWN_MAX = 80;
    private static final Pattern PASSWORD_IN_ADDRESS = Pattern.compile("(//[^/@:\\s]*:)[^@\\s]*@");
    private static final Pattern PASSWORD_IN_QUERY =
            Pattern.compile("(?i)([?&;][^=&;]*(?:password|secret|token|key)=)[^&;]*");

    private final Path base;
    private final List<ConfigFault> faults;
    private final List<ResolvedSetting> settings;

    Binder(Path base, List<ConfigFault> faults, List<ResolvedSetting> settings) {
        this.base = requireNonNull(base, "base");
        this.faults = requireNonNull(faults, "faults");
        this.settings = requireNonNull(settings, "settings");
    }

    /// The record of a section; empty if it has faults.
    <T extends Record> Optional<T> section(Section<T> section, Node tree) {
        Schema.Entry entry = Schema.of(List.of(section)).entries().getFirst();
        Node node = below(tree, section.key());
        Object value = value(entry, node, section.key());
        if (value == null) {
            return Optional.empty();
        }
        Object made = Schema.isPlain(section)
                ? construct(section.type(), new Object[] {value}, section.key(), node.where())
                : value;
        return Optional.ofNullable(made).map(section.type()::cast);
    }

    /// Reports the keys of `node` that `group` does not have.
    void refuseUnknown(Schema.Group group, Node.Fields node, String prefix) {
        List<String> known = group.entries().stream().map(Schema.Entry::key).toList();
        for (Map.Entry<String, Node> field : node.values().entrySet()) {
            if (!known.contains(field.getKey())) {
                String near = Suggestion.of(field.getKey(), known);
                String all = near.isEmpty() ? " Known here: " + String.join(", ", known) + "." : near;
                fault(prefix + field.getKey(), field.getValue().where(), "unknown key." + all);
            }
        }
    }

    static Node below(Node tree, String key) {
        Node nothing = new Node.Nothing("default");
        return tree instanceof Node.Fields fields ? fields.values().getOrDefault(key, nothing) : nothing;
    }

    /// The value for a record's component; null if there are faults.
    private @Nullable Object value(Schema.Entry entry, Node written, String key) {
        boolean unset = written instanceof Node.Nothing
                || (entry.optional()
                        && written instanceof Node.Text text
                        && text.value().isEmpty());
        Node node = unset && !entry.fallback().isEmpty()
                ? YamlReader.read(entry.fallback(), "default", base, faults)
                : written;
        if (entry.optional() && unset && entry.fallback().isEmpty()) {
            show(key, "", "default");
            return Optional.empty();
        }
        Object value = switch (entry.schema()) {
            case Schema.Value scalar -> scalar(scalar, entry, node, key);
            case Schema.Listing list -> list(list, node, key);
            case Schema.Group group -> group(group, node, key);
        };
        return value != null && entry.optional() ? Optional.of(value) : value;
    }

    private @Nullable Object scalar(Schema.Value schema, Schema.Entry entry, Node node, String key) {
        if (node instanceof Node.Nothing) {
            fault(key, "not set", "must be set: " + entry.meaning());
            return null;
        }
        if (!(node instanceof Node.Text text)) {
            fault(key, node.where(), "must be " + Scalars.describe(schema.type()) + ", not " + Node.kind(node));
            return null;
        }
        boolean secret = schema.type() == Secret.class;
        try {
            Object value = Scalars.read(schema.type(), text);
            show(key, secret ? "***" : shown(text.value()), text.where());
            return value;
        } catch (IllegalArgumentException e) {
            fault(key, text.where(), e.getMessage() + ", not " + (secret ? "***" : "\"" + shown(text.value()) + "\""));
            return null;
        }
    }

    private @Nullable Object list(Schema.Listing schema, Node node, String key) {
        if (node instanceof Node.Nothing) {
            show(key, "[]", "default");
            return List.of();
        }
        if (!(node instanceof Node.Items items)) {
            fault(key, node.where(), "must be a list, not " + Node.kind(node));
            return null;
        }
        var item = new Schema.Entry("", "an item of a list must not be empty", "", false, schema.item());
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < items.values().size(); i++) {
            Object value = value(item, items.values().get(i), key + "[" + i + "]");
            if (value != null) {
                values.add(value);
            }
        }
        if (items.values().isEmpty()) {
            show(key, "[]", items.where());
        }
        return values.size() == items.values().size() ? List.copyOf(values) : null;
    }

    private @Nullable Object group(Schema.Group schema, Node node, String key) {
        if (node instanceof Node.Fields fields) {
            refuseUnknown(schema, fields, key + ".");
        } else if (!(node instanceof Node.Nothing)) {
            fault(key, node.where(), "must be a group of keys, not " + Node.kind(node));
            return null;
        }
        Object[] values = new Object[schema.entries().size()];
        boolean whole = true;
        for (int i = 0; i < values.length; i++) {
            Schema.Entry entry = schema.entries().get(i);
            Object value = value(entry, below(node, entry.key()), key + "." + entry.key());
            if (value == null) {
                whole = false;
            } else {
                values[i] = value;
            }
        }
        return whole ? construct(schema.type(), values, key, node.where()) : null;
    }

    private @Nullable Object construct(Class<?> type, Object[] values, String key, String where) {
        try {
            Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                fault(key, where, String.valueOf(refused.getMessage()));
                return null;
            }
            throw new IllegalStateException("can't make " + type.getName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make " + type.getName(), e);
        }
    }

    private void show(String key, String value, String where) {
        settings.add(new ResolvedSetting(key, value, where));
    }

    private void fault(String key, String where, String message) {
        faults.add(new ConfigFault(key, where, message));
    }

    /// Addresses may carry passwords.
    private static String shown(String text) {
        String masked = PASSWORD_IN_ADDRESS.matcher(text).replaceAll("$1***@");
        masked = PASSWORD_IN_QUERY.matcher(masked).replaceAll("$1***");
        return masked.length() <= SHOWN_MAX ? masked : masked.substring(0, SHOWN_MAX) + "…";
    }
}
