package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

class FinishAnswersTest {

    @Test
    void theStopWaitsForTheLastAnswer() throws Exception {
        var underway = new AtomicInteger(1);
        var finish = new FinishAnswers(underway);
        finish.start();
        Thread stop = Thread.ofPlatform().start(finish::stop);
        Eventually.until("the stop waits", () -> stop.getState() == Thread.State.TIMED_WAITING);
        underway.set(0);
        stop.join();

        assertThat(finish.isRunning()).isFalse();
        assertThat(finish.getPhase())
                .isBetween(
                        WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 1,
                        WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - 1);
    }

    @Test
    void anAnswerThatCannotBeWrittenDoesNotHoldUpTheStopForEver() {
        var finish = new FinishAnswers(new AtomicInteger(1));
        finish.start();
        finish.stop();

        assertThat(finish.isRunning()).isFalse();
    }
}
