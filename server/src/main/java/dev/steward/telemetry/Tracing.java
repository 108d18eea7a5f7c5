package dev.steward.telemetry;

import java.util.Optional;

/// Opens spans. Every piece of work has a trace id for its logs and for those it calls; spans are collected and sent
/// only when a collector is configured.
///
/// ```java
/// try (var span = tracing.start("models.call", Tracing.Kind.CLIENT)) {
///     span.attribute("backend", name);
///     ...
/// }
/// ```
public interface Tracing {

    /// Which side of a call a span is.
    enum Kind {
        SERVER,
        CLIENT,
        PRODUCER,
        CONSUMER,
        INTERNAL
    }

    /// A piece of work, from start to close, on one thread. While it is open its ids stand in [Correlation].
    interface Span extends AutoCloseable {

        /// Adds a fact, such as `backend`; no secrets, no text of users.
        Span attribute(String name, String value);

        /// Marks it as failed.
        Span failed(Throwable failure);

        /// What is passed on to those that are called from here, as header `traceparent`.
        TraceContext context();

        @Override
        void close();
    }

    /// Begins work within what this thread is doing, or a new trace.
    Span start(String name, Kind kind);

    /// Begins work that another process or an earlier time asked for.
    ///
    /// @param parent its place in the trace, from a header or a stored task
    Span start(String name, Kind kind, TraceContext parent);

    /// What this thread is doing, to be passed on or stored with a task; empty outside any span. It goes along with
    /// [Correlation#carried].
    Optional<TraceContext> current();

    /// Tracing without a collector: ids for the logs and for those that are called, nothing else.
    static Tracing quiet() {
        return new QuietTracing();
    }
}
