package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Tracing into an OpenTelemetry collector. Spans wait in a bounded queue and are sent in batches; when the
/// collector is away they are dropped, never the work.
final class CollectedTracing implements Tracing, AutoCloseable {

    /// Spans that wait; about 2 MB.
    private static final int QUEUE_MAX = 2048;

    private static final Duration SEND_EVERY = Duration.ofSeconds(2);
    private static final Duration SEND_MAX = Duration.ofSeconds(5);

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private CollectedTracing(SdkTracerProvider provider) {
        this.provider = requireNonNull(provider, "provider");
        this.tracer = provider.get("dev.steward");
    }

    static CollectedTracing to(URI endpoint, String version) {
        String base = endpoint.toString().replaceAll("/+$", "");
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(base.endsWith("/v1/traces") ? base : base + "/v1/traces")
                .setTimeout(SEND_MAX)
                .build();
        return to(exporter, version);
    }

    static CollectedTracing to(SpanExporter exporter, String version) {
        Resource resource = Resource.builder()
                .put("service.name", "steward")
                .put("service.version", version)
                .build();
        var batches = BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(QUEUE_MAX)
                .setScheduleDelay(SEND_EVERY)
                .setExporterTimeout(SEND_MAX)
                .build();
        return new CollectedTracing(SdkTracerProvider.builder()
                .setResource(resource)
                .addSpanProcessor(batches)
                .build());
    }

    @Override
    public Span start(String name, Kind kind) {
        // The correlation goes to other threads with the work; OpenTelemetry's own context does not.
        return current().map(parent -> start(name, kind, parent)).orElseGet(() -> start(name, kind, Context.root()));
    }

    @Override
    public Span start(String name, Kind kind, TraceContext parent) {
        SpanContext remote = SpanContext.createFromRemoteParent(
                parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
        return start(name, kind, Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote)));
    }

    private Span start(String name, Kind kind, Context parent) {
        return new CollectedSpan(tracer.spanBuilder(name)
                .setSpanKind(SpanKind.valueOf(kind.name()))
                .setParent(parent)
                .startSpan());
    }

    @Override
    public Optional<TraceContext> current() {
        return TraceContext.current(true);
    }

    /// Sends what waits, then stops.
    @Override
    public void close() {
        CompletableResultCode done = provider.shutdown().join(SEND_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (!done.isSuccess()) {
            org.slf4j.LoggerFactory.getLogger(CollectedTracing.class)
                    .warn("The last traces could not be sent to the collector");
        }
    }

    private static TraceContext context(SpanContext context) {
        return new TraceContext(context.getTraceId(), context.getSpanId(), context.isSampled());
    }

    private static final class CollectedSpan implements Span {
        private final io.opentelemetry.api.trace.Span span;
        private final io.opentelemetry.context.Scope scope;
        private final Correlation.Scope traceId;
        private final Correlation.Scope spanId;

        @SuppressWarnings("MustBeClosedChecker") // Closed with this span.
        CollectedSpan(io.opentelemetry.api.trace.Span span) {
            this.span = span;
            this.scope = span.makeCurrent();
            this.traceId =
                    Correlation.with(Correlation.Id.TRACE, span.getSpanContext().getTraceId());
            this.spanId =
                    Correlation.with(Correlation.Id.SPAN, span.getSpanContext().getSpanId());
        }

        @Override
        public Span attribute(String name, String value) {
            span.setAttribute(name, value);
            return this;
        }

        @Override
        public Span failed(Throwable failure) {
            // The kind only: messages can hold what people wrote.
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", failure.getClass().getName());
            return this;
        }

        @Override
        public TraceContext context() {
            return CollectedTracing.context(span.getSpanContext());
        }

        @Override
        public void close() {
            spanId.close();
            traceId.close();
            scope.close();
            span.end();
        }
    }
}
