package dev.steward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseReaderTest {

    @Test
    void anEventIsItsFieldsUpToTheEmptyLine() throws IOException {
        assertThat(read("id: 1\nevent: token\ndata: {\"a\":1}\n\nid: 2\r\ndata:x\r\ndata: y\r\n\r\n"))
                .containsExactly(new SseEvent("1", "token", "{\"a\":1}"), new SseEvent("2", "message", "x\ny"));
    }

    @Test
    void theIdStaysUntilThereIsAnother() throws IOException {
        assertThat(read("id: 7\ndata: a\n\ndata: b\n\n"))
                .extracting(SseEvent::id)
                .containsExactly("7", "7");
    }

    @Test
    void commentsUnknownFieldsAndEventsWithoutDataAreNothing() throws IOException {
        assertThat(read(": still here\n\nretry: 5\n\nevent: x\n\ndata: a\n\n"))
                .containsExactly(new SseEvent("", "message", "a"));
    }

    @Test
    void anEventThatIsCutOffIsNoEvent() throws IOException {
        assertThat(read("data: a\n\nid: 2\ndata: half")).hasSize(1);
    }

    private static List<SseEvent> read(String stream) throws IOException {
        var reader = new SseReader(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)));
        List<SseEvent> events = new ArrayList<>();
        for (var event = reader.next(); event.isPresent(); event = reader.next()) {
            events.add(event.get());
        }
        return events;
    }
}
