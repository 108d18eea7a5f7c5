package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.ApiFixture;
import dev.steward.testing.Eventually;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

class UnderwayIT {

    @Test
    void anAnswerCountsUntilItIsWrittenAlthoughItsControllerIsDone() {
        var after = new AfterController();
        try (ApiFixture api = ApiFixture.with(Map.of(
                ProbeController.class,
                new ProbeController(),
                WebServerFactoryCustomizer.class,
                (WebServerFactoryCustomizer<TomcatServletWebServerFactory>)
                        factory -> factory.addContextValves(after)))) {
            AtomicInteger underway = api.bean(TomcatSettings.class).underway();
            after.underway = underway;
            assertThat(api.get("/api/v1/probe/items", ApiFixture.ANONYMOUS).status())
                    .isEqualTo(200);

            assertThat(after.counted).isTrue();
            Eventually.until("nothing is underway", () -> underway.get() == 0);
        }
    }

    /// Runs between the end of the controller and the last byte of its answer.
    private static final class AfterController extends ValveBase {

        private final AtomicBoolean counted = new AtomicBoolean();
        private volatile AtomicInteger underway = new AtomicInteger();

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            counted.set(!response.isCommitted() && underway.get() == 1);
        }
    }
}
