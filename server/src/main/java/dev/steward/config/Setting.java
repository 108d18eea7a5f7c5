package dev.steward.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says what a setting means and what it is when nobody sets it. Stands on each component of a section's record.
///
/// The key is the component's name in snake_case. A [java.time.Duration] component `firstToken` is read from
/// `first_token_ms`, a whole number of milliseconds. Nested records, lists of records, lists of texts, enums,
/// [java.util.Optional], `int`, `long`, `double`, `boolean`, [String], [java.net.URI], [java.nio.file.Path] and
/// [dev.steward.base.Secret] can be read; a record's compact constructor refuses bad values by
/// [IllegalArgumentException], whose message is shown beside the key.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /// One sentence for the reference page, with unit and bounds.
    String value();

    /// The value as it would be written in the file; empty: an empty list, an empty [java.util.Optional], or a nested
    /// record of defaults.
    String fallback() default "";
}
