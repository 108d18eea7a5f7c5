package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/// What one room says to people, in every [Language]: the files `words/<name>_<tag>.properties`, each value a
/// [MessageFormat]. Its apostrophes are typographic ones, as the straight one means something to the format.
///
/// Immutable, so safe for use by many threads.
public final class Catalogue {

    private final Map<Language, Properties> texts = new EnumMap<>(Language.class);

    /// @throws IllegalStateException a language's file is missing
    public Catalogue(String name) {
        for (Language language : Language.values()) {
            texts.put(language, read("/words/" + name + "_" + language.tag() + ".properties"));
        }
    }

    /// @throws IllegalArgumentException no such text, not even in English
    public String say(Language language, String key, Object... values) {
        String text = of(language).getProperty(key, of(Language.EN).getProperty(key));
        if (text == null) {
            throw new IllegalArgumentException("no text " + key);
        }
        return new MessageFormat(text, language.locale()).format(values);
    }

    /// The keys of one language, without what English would stand in for.
    public Set<String> keys(Language language) {
        return new TreeSet<>(of(language).stringPropertyNames());
    }

    /// A text as it is written, with places such as `{0}`; empty if there is none.
    public String pattern(Language language, String key) {
        return of(language).getProperty(key, "");
    }

    private Properties of(Language language) {
        return requireNonNull(texts.get(language), "each language was read");
    }

    private static Properties read(String resource) {
        try (var in = Catalogue.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing " + resource);
            }
            var read = new Properties();
            read.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
