package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletResponse;

class EventStreamConverterTest {

    private static final Principal PRINCIPAL =
            new Principal(new UserId(UUID.randomUUID()), Role.USER, UUID.randomUUID(), Set.of(Permission.READ));

    @Test
    void headAndEventsReachTheClientWhileTheStreamIsOpen() throws Exception {
        var client = new MockHttpServletResponse();
        List<Boolean> committed = new ArrayList<>();
        var feed = new EventFeed() {
            @Override
            public List<StreamEvent> next(Duration waitAtMost) {
                committed.add(client.isCommitted());
                return committed.size() > 1 ? List.of() : List.of(StreamEvent.of(1, "token", "{}"));
            }

            @Override
            public boolean ended() {
                return committed.size() > 1;
            }

            @Override
            public void close() {}
        };

        converter().write(new EventStream(feed, PRINCIPAL), null, new ServletServerHttpResponse(client));

        assertThat(committed).containsExactly(true, true);
        assertThat(client.getContentAsString()).contains("id: 1\nevent: token\ndata: {}\n\n");
    }

    /// A virtual thread that is interrupted while it asks the database loses the database's connection.
    @Test
    void aStopEndsAFeedThatIsBeingAskedWithoutInterruptingIt() throws Exception {
        var client = new MockHttpServletResponse();
        var asked = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        var feed = new EventFeed() {
            @Override
            public List<StreamEvent> next(Duration waitAtMost) {
                asked.countDown();
                try {
                    closed.await();
                } catch (InterruptedException _) {
                    interrupted.set(true);
                }
                return List.of(StreamEvent.of(1, "token", "{}"));
            }

            @Override
            public boolean ended() {
                return closed.getCount() == 0;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        EventStreamConverter converter = converter();
        Thread request = Thread.ofVirtual().start(() -> {
            try {
                converter.write(new EventStream(feed, PRINCIPAL), null, new ServletServerHttpResponse(client));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        asked.await();
        converter.stop();
        request.join();

        assertThat(interrupted).isFalse();
        assertThat(client.getContentAsString())
                .contains("id: 1\nevent: token\ndata: {}\n\n")
                .contains("retry: 1000");
    }

    private static EventStreamConverter converter() {
        var everybody = (Authenticator) Proxy.newProxyInstance(
                Authenticator.class.getClassLoader(), new Class<?>[] {Authenticator.class}, (_, _, _) -> true);
        return new EventStreamConverter(everybody, Duration.ofSeconds(1), new SimpleMeterRegistry());
    }
}
