package dev.steward.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.steward.testing.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void withoutACollectorWorkStillBelongsToTheTraceThatAskedForIt() {
        Tracing tracing = new QuietTracing();
        TraceContext parent = TraceContext.parse(PARENT).orElseThrow();

        try (Tracing.Span outer = tracing.start("outer", Tracing.Kind.SERVER, parent);
                Tracing.Span inner = tracing.start("inner", Tracing.Kind.CLIENT)) {
            assertThat(inner.context().traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(inner.context().spanId()).isNotEqualTo(outer.context().spanId());
            assertThat(Correlation.current(Correlation.Id.TRACE)).contains(parent.traceId());
            assertThat(TraceContext.parse(inner.context().header())).contains(inner.context());
        }
        assertThat(tracing.current()).isEmpty();
    }

    @Test
    void aConfiguredCollectorGetsTheSpans() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (CollectedTracing tracing = CollectedTracing.to(
                URI.create("http://localhost:" + collector.getAddress().getPort()), "test")) {
            try (Tracing.Span span = tracing.start("work", Tracing.Kind.INTERNAL)) {
                assertThat(Correlation.current(Correlation.Id.SPAN))
                        .contains(span.context().spanId());
            }
            Eventually.until("the spans arrive", () -> requests.contains("POST /v1/traces"));
        } finally {
            collector.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra"
            })
    void aMalformedHeaderCountsAsNone(String header) {
        assertThat(TraceContext.parse(header)).isEmpty();
    }

    @Test
    void aLaterVersionOfTheHeaderIsUnderstoodAsFarAsItIsKnown() {
        assertThat(TraceContext.parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"))
                .isPresent();
    }
}
