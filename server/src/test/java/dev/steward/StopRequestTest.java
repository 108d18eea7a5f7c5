package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class StopRequestTest {

    private final AtomicInteger heard = new AtomicInteger();
    private final StopRequest request = new StopRequest(heard::incrementAndGet);

    @Test
    void onlyTheFirstOneCounts() {
        var stops = new AtomicInteger();
        request.stopBy(stops::incrementAndGet);

        assertThat(request.make()).isTrue();
        assertThat(request.make()).isFalse();

        assertThat(heard).hasValue(1);
        assertThat(stops).hasValue(1);
    }

    @Test
    void oneThatCameBeforeTheServerWasReadyStopsItThen() {
        var stops = new AtomicInteger();
        request.make();

        request.stopBy(stops::incrementAndGet);

        assertThat(stops).hasValue(1);
    }

    @Test
    void aStartIsGivenUpAndWhatWasStartedIsStopped() {
        var closed = new AtomicInteger();
        try (var context = new AnnotationConfigApplicationContext()) {
            request.watch(context);
            context.registerBean("first", AutoCloseable.class, () -> closed::incrementAndGet);
            context.registerBean("second", Runnable.class, () -> {
                request.make();
                return () -> {};
            });

            assertThatThrownBy(context::refresh).hasRootCauseInstanceOf(StopRequest.StartGivenUpException.class);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void oneThatComesWhileTheDatabaseStartsGivesTheStartUp() {
        try (var context = new AnnotationConfigApplicationContext()) {
            request.watch(context);
            context.addApplicationListener(_ -> {});
            context.registerBean("asks", AsksWhenStarted.class, () -> new AsksWhenStarted(request));

            assertThatThrownBy(context::refresh).hasRootCauseInstanceOf(StopRequest.StartGivenUpException.class);
        }
    }

    /// Starts first of all, as the database does.
    private record AsksWhenStarted(StopRequest request) implements org.springframework.context.SmartLifecycle {

        @Override
        public void start() {
            request.make();
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }
    }
}
