package dev.steward.config;

import dev.steward.base.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What can be written at one place of the configuration, read off the records.
sealed interface Schema {

    /// What stands inside [Optional] and [List].
    Map<Class<?>, Class<?>> UNBOXED = Map.of(
            Integer.class, int.class, Long.class, long.class, Double.class, double.class, Boolean.class, boolean.class);

    /// A plain value, of `type`.
    record Value(Class<?> type) implements Schema {}

    /// A list.
    record Listing(Schema item) implements Schema {}

    /// Keys, each with a setting; read into `type`.
    record Group(Class<?> type, List<Entry> entries) implements Schema {}

    /// One key of a group.
    ///
    /// @param meaning  for the reference page
    /// @param fallback as it would be written in the file; empty: none
    /// @param optional whether the record takes an [Optional]
    record Entry(String key, String meaning, String fallback, boolean optional, Schema schema) {}

    /// The whole file.
    static Group of(List<Section<?>> sections) {
        return new Group(Record.class, sections.stream().map(Schema::entry).toList());
    }

    /// A section whose record has one component of the section's own name is that component.
    static boolean isPlain(Section<?> section) {
        RecordComponent[] components = section.type().getRecordComponents();
        return components.length == 1 && key(components[0]).equals(section.key());
    }

    private static Entry entry(Section<?> section) {
        if (isPlain(section)) {
            return entry(section.type().getRecordComponents()[0]);
        }
        return new Entry(section.key(), "", "", false, group(section.type()));
    }

    private static Entry entry(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(
                    component.getDeclaringRecord().getName() + "." + component.getName() + " has no @Setting");
        }
        Type type = component.getGenericType();
        boolean optional = raw(type) == Optional.class;
        return new Entry(
                key(component), setting.value(), setting.fallback(), optional, of(optional ? argument(type) : type));
    }

    private static Group group(Class<?> type) {
        List<Entry> entries = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            entries.add(entry(component));
        }
        return new Group(type, List.copyOf(entries));
    }

    private static Schema of(Type type) {
        Class<?> raw = UNBOXED.getOrDefault(raw(type), raw(type));
        if (raw == List.class) {
            return new Listing(of(argument(type)));
        }
        if (raw.isRecord() && raw != Secret.class) {
            return group(raw);
        }
        if (!Scalars.canRead(raw)) {
            throw new IllegalStateException("settings of type " + raw.getName() + " can't be read");
        }
        return new Value(raw);
    }

    /// `firstToken` of type [Duration] is `first_token_ms`.
    private static String key(RecordComponent component) {
        String snake =
                component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
        Type type = component.getGenericType();
        boolean duration =
                raw(type) == Duration.class || (raw(type) == Optional.class && argument(type) == Duration.class);
        return duration ? snake + "_ms" : snake;
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> raw(generic.getRawType());
            default -> throw new IllegalStateException("settings of type " + type + " can't be read");
        };
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }
}
