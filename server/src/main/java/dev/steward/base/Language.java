package dev.steward.base;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The languages that Steward speaks. English stands in where another has no words.
public enum Language {
    EN(Locale.ENGLISH),
    DE(Locale.GERMAN),
    FR(Locale.FRENCH),
    ES(Locale.of("es"));

    /// Longer headers are no browser's.
    private static final int HEADER_MAX = 500;

    private final Locale locale;

    Language(Locale locale) {
        this.locale = locale;
    }

    public Locale locale() {
        return locale;
    }

    /// The language's tag (RFC 5646), such as `de`.
    public String tag() {
        return locale.getLanguage();
    }

    /// @param tag such as `de` or `de-AT`
    public static Optional<Language> of(String tag) {
        String primary = Locale.forLanguageTag(tag.strip()).getLanguage();
        return List.of(values()).stream().filter(l -> l.tag().equals(primary)).findFirst();
    }

    /// The first one of these that a reader prefers.
    ///
    /// @param header an `Accept-Language` (RFC 9110, section 12.5.4); what can't be read counts as none
    public static Optional<Language> accepted(String header) {
        if (header.isBlank() || header.length() > HEADER_MAX) {
            return Optional.empty();
        }
        try {
            return Locale.LanguageRange.parse(header).stream()
                    .filter(range -> range.getWeight() > 0)
                    .flatMap(range -> of(range.getRange()).stream())
                    .findFirst();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
