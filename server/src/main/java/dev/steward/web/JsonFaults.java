package dev.steward.web;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// Says in plain words what is wrong with a JSON body, and in which field. A body that can't be read is 400; one
/// that can, with a value that is missing or refused, is 422. Nothing of the parser's own texts gets out.
final class JsonFaults {

    private static final Set<Class<?>> NUMBERS = Set.of(
            int.class, Integer.class, long.class, Long.class, double.class, Double.class, float.class, Float.class);

    private JsonFaults() {}

    static StewardException of(JacksonException failure) {
        return switch (failure) {
            case UnrecognizedPropertyException e -> unreadable(e, "unknown_field", Saying.UNKNOWN_FIELD.english());
            case InvalidNullException e -> required(field(e));
            case ValueInstantiationException e -> instantiation(e);
            case InvalidFormatException e -> format(e);
            case MismatchedInputException e -> mismatch(e);
            case InputCoercionException e -> refused(field(e), "range", "must be " + words(e.getTargetType()));
            case StreamConstraintsException _ ->
                new StewardException(
                        ErrorCode.INVALID_INPUT,
                        "The JSON is nested too deep, or one of its names, numbers or texts is too long. "
                                + "Nothing was changed.");
            case DatabindException e -> unreadable(e, "type", "this value can't be read");
            default -> malformed(failure);
        };
    }

    private static StewardException malformed(JacksonException failure) {
        if (failure.getOriginalMessage().startsWith("Duplicate")) {
            return new StewardException(
                    ErrorCode.INVALID_INPUT,
                    "The JSON names the same field twice" + place(failure) + ". Nothing was changed.");
        }
        return new StewardException(
                ErrorCode.INVALID_INPUT, "The body is not valid JSON" + place(failure) + ". Nothing was changed.");
    }

    private static String place(JacksonException failure) {
        TokenStreamLocation at = failure.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static StewardException instantiation(ValueInstantiationException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof StewardException known) {
                return known;
            }
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return refused(field(failure), "invalid", cause.getMessage());
            }
        }
        return refused(field(failure), "required", "a needed field is missing");
    }

    private static StewardException format(InvalidFormatException failure) {
        Class<?> wanted = failure.getTargetType();
        if (failure.getValue() instanceof Number && NUMBERS.contains(wanted)) {
            return refused(field(failure), "type", "must be " + words(wanted));
        }
        boolean textWasRight = failure.getValue() instanceof String && isWrittenAsText(wanted);
        if (!textWasRight) {
            return unreadable(failure, "type", "must be " + words(wanted));
        }
        return refused(field(failure), wanted.isEnum() ? "one_of" : "format", "must be " + words(wanted));
    }

    private static StewardException mismatch(MismatchedInputException failure) {
        String message = failure.getOriginalMessage();
        if (message.startsWith("Missing required creator property")) {
            String name = message.replaceFirst("^[^']*'([^']*)'.*", "$1");
            String at = field(failure);
            return required(
                    at.isEmpty() || at.equals(name) || at.endsWith("." + name) ? orName(at, name) : at + "." + name);
        }
        if (message.startsWith("Cannot map `null`")) {
            return required(field(failure));
        }
        if (message.startsWith("No content to map")) {
            return new StewardException(
                    ErrorCode.INVALID_INPUT, "A JSON body is needed here and there was none. Nothing was changed.");
        }
        if (message.startsWith("Trailing token")) {
            return new StewardException(
                    ErrorCode.INVALID_INPUT, "There is more than one JSON value in the body. Nothing was changed.");
        }
        return unreadable(failure, "type", "must be " + words(failure.getTargetType()));
    }

    private static String orName(String at, String name) {
        return at.isEmpty() ? name : at;
    }

    private static StewardException unreadable(DatabindException failure, String rule, String message) {
        String field = field(failure);
        String where = field.isEmpty() ? "The body " : "The field " + field + ": ";
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                400,
                where + message + ". Nothing was changed.",
                null,
                List.of(new FieldFault(field, rule, Wording.read(message))),
                null);
    }

    private static StewardException required(String field) {
        return StewardException.invalid(field, "required", Saying.MUST_BE_GIVEN.said());
    }

    private static StewardException refused(String field, String rule, String message) {
        return StewardException.invalid(List.of(new FieldFault(field, rule, message)));
    }

    /// Where in the body, such as `steps[1].url`; empty for the whole body.
    private static String field(JacksonException failure) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.length() <= 200 ? path.toString() : path.substring(0, 200);
    }

    private static boolean isWrittenAsText(Class<?> type) {
        return type.isEnum()
                || type == UUID.class
                || type == Instant.class
                || type == LocalDateTime.class
                || type == URI.class
                || type == Duration.class;
    }

    private static String words(@Nullable Class<?> type) {
        if (type == null) {
            return "another kind of value";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number in range";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type == Instant.class) {
            return "a time in UTC such as 2026-01-31T12:00:00.000Z";
        }
        if (type == LocalDateTime.class) {
            return "a local time such as 2026-01-31T12:00";
        }
        if (type == String.class || type == URI.class) {
            return "a text";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "another kind of value";
    }
}
