package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.conversations.EventDraft;
import dev.steward.conversations.TurnEventKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Silence silence = new Silence(Duration.ofSeconds(5), nanos::get);

    @Test
    void theReaderIsToldMoreAndMoreRarely() {
        assertThat(toldAfter(4)).isEmpty();
        assertThat(toldAfter(5)).hasSize(1);
        assertThat(toldAfter(9)).isEmpty();
        assertThat(toldAfter(10)).hasSize(1);
        assertThat(toldAfter(45)).hasSize(1);
        assertThat(toldAfter(79)).isEmpty();
        assertThat(toldAfter(80)).hasSize(1);
    }

    @Test
    void itTellsHowFarThePromptIsRead() {
        EventDraft told = toldAfter(6, 1_500, 6_000).getFirst();

        assertThat(told.kind()).isEqualTo(TurnEventKind.STATUS);
        assertThat(told.data()).contains("25 %", "\"read\":1500", "\"total\":6000");
    }

    @Test
    void afterTheFirstWordNothingIsTold() {
        silence.end();

        assertThat(toldAfter(60)).isEmpty();
    }

    private List<EventDraft> toldAfter(long seconds) {
        return toldAfter(seconds, 0, 0);
    }

    private List<EventDraft> toldAfter(long seconds, int read, int total) {
        nanos.set(Duration.ofSeconds(seconds).toNanos());
        return silence.look(read, total);
    }
}
