package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which trace a piece of work belongs to, and the span it is part of. Source: W3C Trace Context, level 2, section 3.2.
///
/// @param traceId 32 lower-case hexadecimal digits, not all zero
/// @param spanId  16 lower-case hexadecimal digits, not all zero
/// @param sampled whether whoever began the trace collects it
public record TraceContext(String traceId, String spanId, boolean sampled) {

    private static final Pattern HEADER =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,256})?");
    private static final String TRACE_NONE = "0".repeat(32);
    private static final String SPAN_NONE = "0".repeat(16);

    public TraceContext {
        requireNonNull(traceId, "traceId");
        requireNonNull(spanId, "spanId");
    }

    /// Reads a `traceparent` header; empty when it is malformed, which the standard says to treat as absent.
    public static Optional<TraceContext> parse(String header) {
        Matcher parts = HEADER.matcher(header.strip());
        if (!parts.matches()
                || parts.group(1).equals("ff")
                || (parts.group(1).equals("00") && parts.group(5) != null)
                || parts.group(2).equals(TRACE_NONE)
                || parts.group(3).equals(SPAN_NONE)) {
            return Optional.empty();
        }
        boolean sampled = (Integer.parseInt(parts.group(4), 16) & 1) != 0;
        return Optional.of(new TraceContext(parts.group(2), parts.group(3), sampled));
    }

    /// Where this thread is, by its [Correlation]; empty outside any span.
    static Optional<TraceContext> current(boolean sampled) {
        return Correlation.current(Correlation.Id.TRACE)
                .flatMap(trace ->
                        Correlation.current(Correlation.Id.SPAN).map(span -> new TraceContext(trace, span, sampled)));
    }

    /// The `traceparent` header.
    public String header() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }
}
