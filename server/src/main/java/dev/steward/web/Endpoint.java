package dev.steward.web;

import dev.steward.base.Permission;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What an endpoint asks of its caller. Every controller method carries it; a test fails on one that does not.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Endpoint {

    Permission permission();

    RateClass rate();

    Idempotency idempotency();

    /// How often one caller may come.
    enum RateClass {
        /// Not limited: health for probes.
        NONE,
        /// Sign-in and its like: few tries, growing delay.
        AUTH,
        /// Cheap reads.
        READ,
        /// Changes.
        WRITE,
        /// Work for a model.
        MODEL
    }

    /// What happens when the same request comes twice.
    enum Idempotency {
        /// The method changes nothing.
        SAFE,
        /// Doing it twice equals doing it once: PUT, DELETE, cancel.
        NATURAL,
        /// Creates something: an `Idempotency-Key` makes repeats answer the same for 24 hours.
        KEY,
        /// Sign-in, refresh: repeating is a new event by design.
        NONE
    }
}
