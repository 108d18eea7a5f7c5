package dev.steward.web;

import dev.steward.base.Permission;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What an endpoint asks of its caller. Every controller method carries it; a test fails on one that does not, and
/// a request to it is refused.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Endpoint {

    /// Most bodies are a few fields; 256 KiB leaves room for a long message.
    int BODY_BYTES_MAX = 256 * 1024;

    Permission permission();

    RateClass rate();

    Idempotency idempotency();

    /// Longest request body, in bytes; a longer one is refused with 413 before it is read.
    int bodyBytesMax() default BODY_BYTES_MAX;

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
