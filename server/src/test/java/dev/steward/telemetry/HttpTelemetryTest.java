package dev.steward.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

class HttpTelemetryTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HttpTelemetry filter = new HttpTelemetry(new QuietTracing(), meters);

    @Test
    void aRequestIsCountedByThePatternOfItsEndpointNotByItsPath() throws Exception {
        filter.doFilter(
                request("/api/v1/turns/42"),
                new MockHttpServletResponse(),
                (request, _) ->
                        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/api/v1/turns/{id}"));

        assertThat(meters.get("http.request.duration")
                        .tags("method", "GET", "route", "/api/v1/turns/{id}", "status", "200")
                        .timer()
                        .count())
                .isOne();
    }

    @Test
    void aPathAndAMethodThatNobodyKnowsMakeNoSeriesOfTheirOwn() throws Exception {
        for (String path : new String[] {"/wp-login.php", "/etc/passwd"}) {
            MockHttpServletRequest request = request(path);
            request.setMethod("BREW");
            filter.doFilter(
                    request,
                    new MockHttpServletResponse(),
                    (_, answer) -> ((HttpServletResponse) answer).setStatus(404));
        }

        assertThat(meters.get("http.request.duration")
                        .tags("method", "other", "route", "unmatched", "status", "404")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aFailureOnTheWayIsCountedAsAnError() {
        FilterChain failing = (_, _) -> {
            throw new ServletException("x");
        };

        assertThatThrownBy(() -> filter.doFilter(request("/"), new MockHttpServletResponse(), failing))
                .isInstanceOf(ServletException.class);
        assertThat(meters.get("http.request.errors").counter().count()).isEqualTo(1);
    }

    @Test
    void theCallersTraceGoesOnAndEndsWithTheRequest() throws Exception {
        var seen = new AtomicReference<String>();
        MockHttpServletRequest request = request("/");
        request.addHeader("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");

        filter.doFilter(
                request,
                new MockHttpServletResponse(),
                (_, _) -> seen.set(Correlation.current(Correlation.Id.TRACE).orElse("none")));

        assertThat(seen.get()).isEqualTo(TRACE);
        assertThat(Correlation.captured()).isEmpty();
    }

    private static MockHttpServletRequest request(String path) {
        return new MockHttpServletRequest("GET", path);
    }
}
