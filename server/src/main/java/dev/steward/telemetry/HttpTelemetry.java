package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.servlet.HandlerMapping;

/// Gives each request its place in a trace and counts it: `http_request_duration` and `http_request_errors` by method,
/// route and status. The route is the pattern of the endpoint, never the path, so that the number of series is bounded.
final class HttpTelemetry implements Filter {

    private record Labels(String method, String route, int status) {}

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /// Bounds of the buckets: what people feel, and the goals of the product.
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)
    };

    private final Tracing tracing;
    private final MeterRegistry meters;
    private final ConcurrentHashMap<Labels, Timer> timers = new ConcurrentHashMap<>();

    HttpTelemetry(Tracing tracing, MeterRegistry meters) {
        this.tracing = requireNonNull(tracing, "tracing");
        this.meters = requireNonNull(meters, "meters");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getDispatcherType() != DispatcherType.REQUEST
                || !(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse answer)) {
            chain.doFilter(request, response);
            return;
        }
        long began = System.nanoTime();
        try (Tracing.Span span = span(http)) {
            try {
                chain.doFilter(request, response);
            } catch (IOException | ServletException | RuntimeException e) {
                span.failed(e);
                count(http, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, began);
                throw e;
            }
            span.attribute("http.route", route(http)).attribute("http.status", Integer.toString(answer.getStatus()));
            if (http.isAsyncStarted()) {
                http.getAsyncContext().addListener(new CountAtTheEnd(http, answer, began));
            } else {
                count(http, answer.getStatus(), began);
            }
        }
    }

    private Tracing.Span span(HttpServletRequest request) {
        String name = "http " + method(request);
        return Optional.ofNullable(request.getHeader("traceparent"))
                .flatMap(TraceContext::parse)
                .map(parent -> tracing.start(name, Tracing.Kind.SERVER, parent))
                .orElseGet(() -> tracing.start(name, Tracing.Kind.SERVER));
    }

    private void count(HttpServletRequest request, int status, long began) {
        timers.computeIfAbsent(new Labels(method(request), route(request), status), this::timer)
                .record(Duration.ofNanos(System.nanoTime() - began));
        if (status >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            meters.counter("http.request.errors", "method", method(request), "route", route(request))
                    .increment();
        }
    }

    private Timer timer(Labels labels) {
        return Timer.builder("http.request.duration")
                .description("Time from a request's arrival to the end of its answer")
                .tags("method", labels.method, "route", labels.route, "status", Integer.toString(labels.status))
                .serviceLevelObjectives(BOUNDS)
                .register(meters);
    }

    private static String method(HttpServletRequest request) {
        return METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
    }

    private static String route(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null) {
            return pattern.toString();
        }
        String servlet = request.getHttpServletMapping() == null
                ? ""
                : request.getHttpServletMapping().getPattern();
        return servlet == null || servlet.isEmpty() || servlet.equals("/") ? "unmatched" : servlet;
    }

    private final class CountAtTheEnd implements AsyncListener {
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final long began;

        CountAtTheEnd(HttpServletRequest request, HttpServletResponse response, long began) {
            this.request = request;
            this.response = response;
            this.began = began;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            count(request, response.getStatus(), began);
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
