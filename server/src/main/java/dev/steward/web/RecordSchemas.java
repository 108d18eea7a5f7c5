package dev.steward.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.steward.base.Cursor;
import dev.steward.base.Page;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Describes Steward's records in JSON Schema exactly as [Json] reads and writes them: snake_case, closed, required
/// unless nullable or optional. `@Schema` on a component adds lengths, bounds and formats.
///
/// A nested record is named after its outer class too, without `Controller`: two rooms may both have a `Change`.
final class RecordSchemas implements ModelConverter {

    /// What [JsonText] refuses in every text.
    private static final String NO_NUL = "^[^\\x00]*$";

    private static final Map<Class<?>, String> PRIMITIVES = Map.ofEntries(
            Map.entry(String.class, "string"),
            Map.entry(boolean.class, "boolean"),
            Map.entry(Boolean.class, "boolean"),
            Map.entry(int.class, "integer"),
            Map.entry(Integer.class, "integer"),
            Map.entry(long.class, "integer"),
            Map.entry(Long.class, "integer"),
            Map.entry(double.class, "number"),
            Map.entry(Double.class, "number"),
            Map.entry(float.class, "number"),
            Map.entry(OptionalInt.class, "integer"),
            Map.entry(OptionalLong.class, "integer"),
            Map.entry(OptionalDouble.class, "number"));

    private static final Map<Class<?>, String> FORMATS = Map.of(
            UUID.class, "uuid",
            Instant.class, "date-time",
            URI.class, "uri-reference",
            int.class, "int32",
            Integer.class, "int32",
            long.class, "int64",
            Long.class, "int64");

    /// RFC 3339's date and time without its offset, for which JSON Schema has no format; seconds may be left out.
    private static final String LOCAL_TIME =
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?$";

    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Type plain = type.getType() instanceof com.fasterxml.jackson.databind.JavaType java
                ? fromJackson(java)
                : type.getType();
        if (isOurs(raw(plain))) {
            return of(plain, context);
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    private static boolean isOurs(Class<?> raw) {
        return raw.getPackageName().startsWith("dev.steward") || JsonNode.class.isAssignableFrom(raw);
    }

    private Schema<?> of(Type type, ModelConverterContext context) {
        Class<?> raw = raw(type);
        String primitive = PRIMITIVES.get(raw);
        if (primitive != null) {
            Schema<Object> schema = schema(primitive, FORMATS.get(raw));
            schema.setPattern(raw == String.class ? NO_NUL : null);
            return schema;
        }
        if (raw == LocalDateTime.class) {
            Schema<Object> schema = schema("string", null);
            schema.setPattern(LOCAL_TIME);
            return schema;
        }
        if (FORMATS.containsKey(raw) || raw == Cursor.class) {
            return schema("string", FORMATS.get(raw));
        }
        if (raw == Optional.class) {
            return nullable(of(argument(type, 0), context));
        }
        if (raw.isEnum()) {
            Schema<Object> schema = schema("string", null);
            Arrays.stream(raw.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .forEach(schema::addEnumItemObject);
            return schema;
        }
        if (Collection.class.isAssignableFrom(raw)) {
            Schema<Object> schema = schema("array", null);
            schema.setItems(of(argument(type, 0), context));
            schema.setUniqueItems(Set.class.isAssignableFrom(raw) ? true : null);
            return schema;
        }
        if (Map.class.isAssignableFrom(raw)) {
            Schema<Object> schema = schema("object", null);
            schema.setAdditionalProperties(of(argument(type, 1), context));
            return schema;
        }
        if (raw == EventStream.class) {
            return event();
        }
        if (raw.isRecord()) {
            return Json.isId(raw) ? schema("string", "uuid") : reference(type, raw, context);
        }
        return raw == ObjectNode.class ? schema("object", null) : new JsonSchema();
    }

    /// One event of a stream, as its fields are on the wire.
    private static Schema<?> event() {
        Schema<Object> event = schema("object", null);
        for (String field : List.of("id", "event", "data")) {
            event.addProperty(field, schema("string", null));
        }
        event.setDescription("A stream of server-sent events; see the API's own page for their kinds.");
        return event;
    }

    private Schema<?> reference(Type type, Class<?> raw, ModelConverterContext context) {
        String name = name(type);
        if (!context.getDefinedModels().containsKey(name)) {
            Schema<Object> schema = schema("object", null);
            // Before its fields, so that a record that contains itself ends here.
            context.defineModel(name, schema);
            Map<String, Type> variables = variables(type, raw);
            List<String> required = new ArrayList<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                String field = fieldName(component);
                boolean optional = OPTIONALS.contains(component.getType())
                        || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                Schema<?> value = of(bound(component.getGenericType(), variables), context);
                hints(component, value);
                schema.addProperty(field, optional && component.getType() != Optional.class ? nullable(value) : value);
                if (!optional) {
                    required.add(field);
                }
            }
            schema.setRequired(required.isEmpty() ? null : required);
            schema.setAdditionalProperties(false);
            context.defineModel(name, schema);
        }
        Schema<?> reference = new JsonSchema();
        reference.set$ref("#/components/schemas/" + name);
        return reference;
    }

    private static void hints(RecordComponent component, Schema<?> schema) {
        ArraySchema list = component.getAccessor().getAnnotation(ArraySchema.class);
        if (list != null) {
            schema.setUniqueItems(list.uniqueItems() ? true : null);
            schema.setMinItems(list.minItems() < Integer.MAX_VALUE ? list.minItems() : null);
            schema.setMaxItems(list.maxItems() > 0 ? list.maxItems() : null);
        }
        var hint = component.getAccessor().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        if (hint == null) {
            return;
        }
        if (hint.minLength() > 0) {
            schema.setMinLength(hint.minLength());
        }
        if (hint.maxLength() < Integer.MAX_VALUE) {
            schema.setMaxLength(hint.maxLength());
        }
        choices(schema, hint.allowableValues());
        text(hint.format()).ifPresent(schema::setFormat);
        text(hint.pattern()).ifPresent(schema::setPattern);
        text(hint.description()).ifPresent(schema::setDescription);
        text(hint.minimum()).map(BigDecimal::new).ifPresent(schema::setMinimum);
        text(hint.maximum()).map(BigDecimal::new).ifPresent(schema::setMaximum);
        text(hint.example()).ifPresent(example -> schema.setExample(example(example)));
    }

    @SuppressWarnings("unchecked") // Every schema here is made as one of Object.
    private static void choices(Schema<?> schema, String... values) {
        for (String value : values) {
            ((Schema<Object>) schema).addEnumItemObject(value);
        }
    }

    /// Examples of objects are written as JSON.
    private static Object example(String text) {
        return text.startsWith("{") ? JsonMapper.shared().readValue(text, Map.class) : text;
    }

    private static Optional<String> text(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static String fieldName(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null || named.value().isEmpty() ? snakeCase(component.getName()) : named.value();
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static Schema<?> nullable(Schema<?> schema) {
        if (schema.get$ref() != null) {
            Schema<Object> either = new JsonSchema();
            either.addAnyOfItem(schema);
            either.addAnyOfItem(schema("null", null));
            return either;
        }
        if (schema.getTypes() != null) {
            Set<String> types = new TreeSet<>(schema.getTypes());
            types.add("null");
            schema.setTypes(types);
            if (schema.getEnum() != null) {
                schema.addEnumItemObject(null);
            }
        }
        return schema;
    }

    private static Schema<Object> schema(String type, @Nullable String format) {
        Schema<Object> schema = new JsonSchema();
        schema.addType(type);
        schema.setFormat(format);
        return schema;
    }

    private static String name(Type type) {
        Class<?> raw = raw(type);
        Class<?> outer = raw.getDeclaringClass();
        String prefix = outer == null ? "" : outer.getSimpleName().replaceFirst("Controller$", "");
        String name = prefix + raw.getSimpleName();
        if (raw == Page.class) {
            return name(argument(type, 0)) + "Page";
        }
        return name;
    }

    private static Map<String, Type> variables(Type type, Class<?> raw) {
        Map<String, Type> bound = new LinkedHashMap<>();
        for (int i = 0; i < raw.getTypeParameters().length; i++) {
            bound.put(raw.getTypeParameters()[i].getName(), argument(type, i));
        }
        return bound;
    }

    /// A component's type with the variables of its record filled in.
    private static Type bound(Type type, Map<String, Type> variables) {
        if (variables.isEmpty()) {
            return type;
        }
        if (type instanceof java.lang.reflect.TypeVariable<?> variable) {
            return variables.getOrDefault(variable.getName(), Object.class);
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = Arrays.stream(generic.getActualTypeArguments())
                    .map(argument -> bound(argument, variables))
                    .toArray(Type[]::new);
            return new Generic(raw(type), arguments);
        }
        return type;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic && generic.getActualTypeArguments().length > index
                ? generic.getActualTypeArguments()[index]
                : Object.class;
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> raw(generic.getRawType());
            case WildcardType wild -> raw(wild.getUpperBounds()[0]);
            default -> Object.class;
        };
    }

    private static Type fromJackson(com.fasterxml.jackson.databind.JavaType type) {
        if (type.containedTypeCount() == 0) {
            return type.getRawClass();
        }
        Type[] arguments = new Type[type.containedTypeCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = fromJackson(type.containedType(i));
        }
        return new Generic(type.getRawClass(), arguments);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Generic(Class<?> raw, Type[] arguments) implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return raw.getDeclaringClass();
        }
    }
}
