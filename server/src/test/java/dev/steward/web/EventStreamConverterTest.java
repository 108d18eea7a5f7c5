package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

class EventStreamConverterTest {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger underway = new AtomicInteger();

    private static final Principal PRINCIPAL =
            new Principal(new UserId(UUID.randomUUID()), Role.USER, UUID.randomUUID(), Set.of(Permission.READ));

    @Test
    void theHeadReachesTheClientBeforeTheFirstEventIsAskedFor() throws Exception {
        var client = new MockHttpServletResponse();
        var feed = new PushedEvents();
        List<Boolean> committed = new ArrayList<>();
        open(converter(), feed, client, _ -> committed.add(client.isCommitted()));

        assertThat(committed).containsExactly(true);
        assertThat(client.getHeader("Content-Type")).isEqualTo("text/event-stream");
        assertThat(client.getHeader("Connection")).isEqualTo("close");
    }

    @Test
    void aWireEventCantBeBrokenByItsData() {
        StringBuilder wire = new StringBuilder();
        EventStreamConverter.encode(StreamEvent.of(1, "token", "a\r\nid: 9\revent: x\n\n"), wire);

        assertThat(wire.toString()).isEqualTo("id: 1\nevent: token\ndata: a\ndata: id: 9\ndata: event: x\ndata: \n\n");
    }

    @Test
    void aClientThatIsLostBeforeItsStreamBeginsLeavesNothingBehind() throws Exception {
        var feed = new PushedEvents();
        open(converter(), feed, new MockHttpServletResponse(), PassedConnection::lost);

        assertThat(feed.ended()).isTrue();
        assertThat(metrics.get("event_streams_open").gauge().value()).isZero();
        assertThat(underway).hasValue(0);
    }

    private EventStreamConverter converter() {
        var everybody = (Authenticator) Proxy.newProxyInstance(
                Authenticator.class.getClassLoader(), new Class<?>[] {Authenticator.class}, (_, _, _) -> true);
        return new EventStreamConverter(everybody, Duration.ofSeconds(1), underway, metrics);
    }

    private static void open(
            EventStreamConverter converter,
            EventFeed feed,
            MockHttpServletResponse client,
            Consumer<PassedConnection> successor)
            throws IOException {
        var request = new MockHttpServletRequest("GET", "/events");
        request.setAttribute(Hangups.CONNECTION, new WatchedHttp11Protocol.Connection() {
            @Override
            public boolean hungUp() {
                return false;
            }

            @Override
            public void passOn(PassedConnection next) {
                successor.accept(next);
            }
        });
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        try {
            converter.write(new EventStream(feed, PRINCIPAL), null, new ServletServerHttpResponse(client));
        } finally {
            RequestContextHolder.resetRequestAttributes();
        }
    }
}
