package dev.steward.telemetry;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Tracing without a collector: ids for the logs and for those that are called, nothing else.
final class QuietTracing implements Tracing {

    @Override
    public Span start(String name, Kind kind) {
        return current()
                .map(parent -> start(name, kind, parent))
                .orElseGet(() -> new QuietSpan(new TraceContext(hex() + hex(), hex(), false)));
    }

    @Override
    public Span start(String name, Kind kind, TraceContext parent) {
        return new QuietSpan(new TraceContext(parent.traceId(), hex(), parent.sampled()));
    }

    @Override
    public Optional<TraceContext> current() {
        return TraceContext.current(false);
    }

    /// 64 bits, never zero.
    private static String hex() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
    }

    private static final class QuietSpan implements Span {
        private final TraceContext context;
        private final Correlation.Scope trace;
        private final Correlation.Scope span;

        QuietSpan(TraceContext context) {
            this.context = context;
            this.trace = Correlation.with(Correlation.Id.TRACE, context.traceId());
            this.span = Correlation.with(Correlation.Id.SPAN, context.spanId());
        }

        @Override
        public Span attribute(String name, String value) {
            return this;
        }

        @Override
        public Span failed(Throwable failure) {
            return this;
        }

        @Override
        public TraceContext context() {
            return context;
        }

        @Override
        public void close() {
            span.close();
            trace.close();
        }
    }
}
