package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletResponse;

class EventStreamConverterTest {

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
        var everybody = (Authenticator) Proxy.newProxyInstance(
                Authenticator.class.getClassLoader(), new Class<?>[] {Authenticator.class}, (_, _, _) -> true);
        var principal =
                new Principal(new UserId(UUID.randomUUID()), Role.USER, UUID.randomUUID(), Set.of(Permission.READ));

        new EventStreamConverter(everybody, Duration.ofSeconds(1), new SimpleMeterRegistry())
                .write(new EventStream(feed, principal), null, new ServletServerHttpResponse(client));

        assertThat(committed).containsExactly(true, true);
        assertThat(client.getContentAsString()).contains("id: 1\nevent: token\ndata: {}\n\n");
    }
}
