package dev.steward.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a [PageRequest] argument and says what the list can be sorted and filtered by.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Listing {

    /// Fields that `sort` may name; the first one is the default. A `-` before a name (`-created`) here makes the
    /// default descending; callers may give either direction for each.
    String[] sorts() default {"-created"};

    /// Names of query parameters that filter; each may be given once.
    String[] filters() default {};
}
