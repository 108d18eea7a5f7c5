package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An operation with everything that can be done when it fails.
///
/// @param component  what is worked with, such as a backend's name
/// @param action     the work itself; may be done again only if `repeatable`
/// @param repeatable whether doing it twice does no harm
/// @param errorKind  the stable word for a failure, such as `timeout`
/// @param fallback   a cached answer or a default; null if there is none. May fail itself
/// @param degraded   goes on without the feature; null if it can't be done without. May fail itself
public record Recoverable<T>(
        String component,
        Action<T> action,
        boolean repeatable,
        Function<RuntimeException, String> errorKind,
        @Nullable Action<T> fallback,
        @Nullable Action<T> degraded) {

    /// Work that may be interrupted.
    @FunctionalInterface
    public interface Action<T> {
        T run() throws InterruptedException;
    }

    public Recoverable {
        requireNonNull(component, "component");
        requireNonNull(action, "action");
        requireNonNull(errorKind, "errorKind");
    }
}
