package dev.steward.config;

import dev.steward.base.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Turns one written value into the type of its setting.
final class Scalars {

    private static final List<Class<?>> TYPES = List.of(
            int.class,
            long.class,
            double.class,
            boolean.class,
            String.class,
            URI.class,
            Path.class,
            Secret.class,
            Duration.class);

    private Scalars() {}

    static boolean canRead(Class<?> type) {
        return TYPES.contains(type) || type.isEnum();
    }

    /// @throws IllegalArgumentException says what would pass
    static Object read(Class<?> type, Node.Text node) {
        String text = node.value();
        if (type == String.class) {
            return text;
        } else if (type == Secret.class) {
            return new Secret(text);
        } else if (type == int.class) {
            return (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (type == long.class) {
            return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == double.class) {
            return number(text);
        } else if (type == boolean.class) {
            return truth(text);
        } else if (type == Duration.class) {
            return Duration.ofMillis(whole(text, 0, Long.MAX_VALUE));
        } else if (type == URI.class) {
            return uri(text);
        } else if (type == Path.class) {
            return path(text, node.base());
        }
        return constant(type, text);
    }

    /// What would pass, for messages and the reference page.
    static String describe(Class<?> type) {
        if (type == int.class || type == long.class) {
            return "a whole number";
        } else if (type == double.class) {
            return "a number";
        } else if (type == boolean.class) {
            return "true or false";
        } else if (type == Duration.class) {
            return "a whole number of milliseconds, 0 or more";
        } else if (type == URI.class) {
            return "an address such as http://127.0.0.1:11434";
        } else if (type == Path.class) {
            return "a file or directory";
        } else if (type == Secret.class) {
            return "a secret text";
        } else if (type.isEnum()) {
            return "one of " + String.join(", ", constants(type));
        }
        return "a text";
    }

    static List<String> constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(c -> wire((Enum<?>) c))
                .toList();
    }

    private static String wire(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static long whole(String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "must be " + (min == 0 ? describe(Duration.class) : "a whole number"), e);
        }
        throw new IllegalArgumentException(
                "must be a whole number from " + min + (max == Long.MAX_VALUE ? "" : " to " + max));
    }

    private static double number(String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number", e);
        }
        throw new IllegalArgumentException("must be a finite number");
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must be " + describe(URI.class), e);
        }
        throw new IllegalArgumentException("must begin with a scheme such as http:// or https://");
    }

    private static Path path(String text, Path base) {
        try {
            String home = System.getProperty("user.home", "");
            return text.equals("~") || text.startsWith("~/")
                    ? Path.of(home + text.substring(1))
                    : base.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be " + describe(Path.class), e);
        }
    }

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (wire((Enum<?>) constant).equals(text.toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new IllegalArgumentException("must be " + describe(type));
    }
}
