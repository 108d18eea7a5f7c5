package dev.steward.web;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.steward.base.Cursor;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.Version;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;
import tools.jackson.databind.type.LogicalType;

/// How Steward reads and writes JSON.
///
/// Names are snake_case, enums lower case; reading also takes upper case. Reading is strict: unknown and repeated
/// fields, values of another type (`"1"` for a number, `1` for a text), trailing values and deep nesting are
/// refused. A record component that is neither `@Nullable` nor an [Optional] must be given, and so must each
/// element of a list. Times are RFC 3339 in UTC with milliseconds.
public final class Json {

    /// No document of Steward's nests deeper than a tool's JSON Schema does.
    private static final int DEPTH_MAX = 64;

    /// Longer than any number that a `long` or `double` holds.
    private static final int NUMBER_LENGTH_MAX = 64;

    private static final int NAME_LENGTH_MAX = 1_000;

    private Json() {}

    /// A new mapper of this kind.
    public static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxNumberLength(NUMBER_LENGTH_MAX)
                        .maxNameLength(NAME_LENGTH_MAX)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfigDefaults(
                        config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
                .annotationIntrospector(
                        AnnotationIntrospector.pair(new RequiredUnlessNullable(), new JacksonAnnotationIntrospector()))
                .addModule(new SimpleModule("steward")
                        .addSerializer(Instant.class, new InstantWriter())
                        .addDeserializer(Instant.class, new InstantReader())
                        .addDeserializer(UUID.class, new UuidReader())
                        .addSerializer(Cursor.class, new CursorWriter()))
                .build();
    }

    /// Whether a type is an id of ours: a record of one UUID named `value`.
    static boolean isId(Class<?> type) {
        RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
        return components.length == 1
                && components[0].getType() == UUID.class
                && components[0].getName().equals("value")
                && type.getPackageName().startsWith("dev.steward");
    }

    /// Makes every record component required that is neither `@Nullable` nor optional.
    private static final class RequiredUnlessNullable extends NopAnnotationIntrospector {

        private static final long serialVersionUID = 1L;
        private static final Set<Class<?>> OPTIONALS =
                Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

        @Override
        public Version version() {
            return Version.unknownVersion();
        }

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            return isRequired(member) ? true : null;
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
            return JsonSetter.Value.construct(
                    isRequired(annotated) ? Nulls.FAIL : Nulls.DEFAULT,
                    refusesNullInside(annotated) ? Nulls.FAIL : Nulls.DEFAULT);
        }

        /// An id is written as its UUID alone, and read so.
        @Override
        public @Nullable Boolean hasAsValue(MapperConfig<?> config, Annotated annotated) {
            boolean value = annotated instanceof AnnotatedMember member
                    && member.getName().equals("value")
                    && isId(member.getDeclaringClass());
            return value ? true : null;
        }

        @Override
        public JsonCreator.@Nullable Mode findCreatorAnnotation(MapperConfig<?> config, Annotated annotated) {
            return annotated instanceof AnnotatedConstructor constructor && isId(constructor.getDeclaringClass())
                    ? JsonCreator.Mode.DELEGATING
                    : null;
        }

        private static boolean isRequired(Annotated annotated) {
            return component(annotated)
                    .filter(component -> !OPTIONALS.contains(component.getType()))
                    .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                    .isPresent();
        }

        /// Whether the elements of a list, or the values of a map, must not be null.
        private static boolean refusesNullInside(Annotated annotated) {
            return component(annotated)
                    .filter(component -> Collection.class.isAssignableFrom(component.getType())
                            || Map.class.isAssignableFrom(component.getType()))
                    .map(RecordComponent::getAnnotatedType)
                    .filter(AnnotatedParameterizedType.class::isInstance)
                    .map(type -> ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments())
                    .filter(inside -> !inside[inside.length - 1].isAnnotationPresent(Nullable.class))
                    .isPresent();
        }

        /// The component of a record of ours that a constructor's parameter gives.
        private static Optional<RecordComponent> component(Annotated annotated) {
            if (!(annotated instanceof AnnotatedParameter parameter)) {
                return Optional.empty();
            }
            Class<?> owner = parameter.getDeclaringClass();
            if (!owner.isRecord() || !owner.getPackageName().startsWith("dev.steward") || isId(owner)) {
                return Optional.empty();
            }
            RecordComponent[] components = owner.getRecordComponents();
            return parameter.getOwner().getParameterCount() == components.length
                    ? Optional.of(components[parameter.getIndex()])
                    : Optional.empty();
        }
    }

    private static final class InstantWriter extends StdScalarSerializer<Instant> {

        private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                        "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializationContext context) {
            out.writeString(MILLIS.format(value));
        }
    }

    private static final class InstantReader extends StdScalarDeserializer<Instant> {

        /// Years of four digits: what RFC 3339 can write and PostgreSQL can keep.
        private static final Pattern RFC_3339 =
                Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

        private static final Instant FIRST = Instant.parse("0001-01-02T00:00:00Z");

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                return (Instant) context.handleUnexpectedToken(Instant.class, in);
            }
            String text = in.getString();
            try {
                if (RFC_3339.matcher(text).matches()) {
                    Instant time = Instant.parse(text.toUpperCase(Locale.ROOT));
                    if (time.isAfter(FIRST)) {
                        return time;
                    }
                }
            } catch (DateTimeException _) {
                // Answered below, together with what does not even look like a time.
            }
            return (Instant) context.handleWeirdStringValue(Instant.class, text, "not a time");
        }
    }

    private static final class UuidReader extends StdScalarDeserializer<UUID> {

        private static final Pattern CANONICAL = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

        UuidReader() {
            super(UUID.class);
        }

        @Override
        public UUID deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                return (UUID) context.handleUnexpectedToken(UUID.class, in);
            }
            String text = in.getString();
            if (CANONICAL.matcher(text).matches()) {
                return UUID.fromString(text);
            }
            return (UUID) context.handleWeirdStringValue(UUID.class, text, "not a UUID");
        }
    }

    private static final class CursorWriter extends StdScalarSerializer<Cursor> {

        CursorWriter() {
            super(Cursor.class);
        }

        @Override
        public void serialize(Cursor value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.encode());
        }
    }
}
