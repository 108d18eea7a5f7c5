package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Permission;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The figures of this process (OBS-2), in the text format of Prometheus or as OpenMetrics, whichever is accepted.
@RestController
final class MetricsController {

    private static final String OPENMETRICS = "application/openmetrics-text";
    private static final String OPENMETRICS_TYPE = OPENMETRICS + "; version=1.0.0; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry meters;
    private final Operators operators;

    MetricsController(PrometheusMeterRegistry meters, Operators operators) {
        this.meters = requireNonNull(meters, "meters");
        this.operators = requireNonNull(operators, "operators");
    }

    @Operation(summary = "All figures, in the Prometheus text format")
    @GetMapping("/metrics")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.NONE, idempotency = Idempotency.SAFE)
    ResponseEntity<byte[]> metrics(HttpServletRequest request) {
        operators.require(request);
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean open = accept != null && accept.contains(OPENMETRICS);
        String text = open ? meters.scrape(OPENMETRICS_TYPE) : MetricNames.plain(meters.scrape(TEXT_TYPE));
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, open ? OPENMETRICS_TYPE : TEXT_TYPE)
                .cacheControl(CacheControl.noStore())
                .body(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
