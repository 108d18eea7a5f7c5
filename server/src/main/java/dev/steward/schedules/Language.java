package dev.steward.schedules;

import java.util.Locale;

/// The languages that times are understood and said in.
public enum Language {
    EN(Locale.ENGLISH),
    DE(Locale.GERMAN),
    FR(Locale.FRENCH),
    ES(Locale.of("es"));

    private final Locale locale;

    Language(Locale locale) {
        this.locale = locale;
    }

    Locale locale() {
        return locale;
    }
}
