package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    @Test
    void aFullQueueRefusesAndEndsAfterWhatIsInIt() throws Exception {
        var queue = new EventQueue(2);

        assertThat(queue.offer(StreamEvent.of(1, "a", ""))).isTrue();
        assertThat(queue.offer(StreamEvent.of(2, "a", ""))).isTrue();
        assertThat(queue.offer(StreamEvent.of(3, "a", ""))).isFalse();
        assertThat(queue.ended()).isFalse();
        assertThat(queue.next(Duration.ZERO)).hasSize(2);
        assertThat(queue.ended()).isTrue();
        assertThat(queue.offer(StreamEvent.of(4, "a", ""))).isFalse();
    }

    @Test
    void aWireEventCantBeBrokenByItsData() {
        StringBuilder wire = new StringBuilder();
        EventStreamConverter.encode(StreamEvent.of(1, "token", "a\r\nid: 9\revent: x\n\n"), wire);

        assertThat(wire.toString()).isEqualTo("id: 1\nevent: token\ndata: a\ndata: id: 9\ndata: event: x\ndata: \n\n");
    }
}
