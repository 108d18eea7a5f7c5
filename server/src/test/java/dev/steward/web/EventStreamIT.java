package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.ApiFixture;
import dev.steward.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventStreamIT {

    @Test
    void eventsArriveOneByOneWithIdNameAndLines() throws Exception {
        var probe = new ProbeController();
        try (ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe))) {
            HttpResponse<InputStream> response = api.stream("/api/v1/probe/stream/a", ApiFixture.ANONYMOUS, Map.of());
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(response.headers().firstValue("X-Accel-Buffering")).hasValue("no");
            assertThat(response.headers().firstValue("Cache-Control").orElseThrow())
                    .contains("no-cache");
            EventQueue queue = probe.queue("a");
            try (BufferedReader lines = lines(response)) {
                queue.offer(StreamEvent.of(1, "token", "{\"text\":\"a\"}"));
                assertThat(next(lines)).containsExactly("id: 1", "event: token", "data: {\"text\":\"a\"}");
                queue.offer(StreamEvent.of(2, "token", "two\nlines"));
                assertThat(next(lines)).containsExactly("id: 2", "event: token", "data: two", "data: lines");
                queue.finish();
                assertThat(lines.readLine()).isNull();
            }
        }
    }

    @Test
    void aStopOfTheServerEndsStreamsCleanlyAndQuickly() throws Exception {
        var probe = new ProbeController();
        ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe));
        HttpResponse<InputStream> response = api.stream("/api/v1/probe/stream/a", ApiFixture.ANONYMOUS, Map.of());
        Thread stop = Thread.ofVirtual().start(() -> api.context().close());
        try (BufferedReader lines = lines(response)) {
            assertThat(next(lines)).contains("retry: 1000");
            assertThat(lines.readLine()).isNull();
        }
        stop.join();
        api.postgres().close();
    }

    @Test
    void aStopOfTheServerEndsEveryStreamWithItsLastChunk() throws Exception {
        var probe = new ProbeController();
        ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe));
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                readers.add(open(api, "/api/v1/probe/stream/s" + i));
            }
            Eventually.until("every stream is open", () -> probe.queues.size() == readers.size());
            api.context().close();
            for (Socket reader : readers) {
                String answer = new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).contains("retry: 1000").endsWith("\r\n0\r\n\r\n");
            }
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
            api.postgres().close();
        }
    }

    @Test
    void aThousandReadersWhoReadNothingHoldUpNobody() throws Exception {
        var probe = new ProbeController();
        try (ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe))) {
            List<Socket> sleepers = new ArrayList<>();
            try {
                for (int i = 0; i < 1_000; i++) {
                    sleepers.add(open(api, "/api/v1/probe/stream/s" + i));
                }
                Eventually.until("every stream is open", () -> probe.queues.size() == 1_000);
                String big = "x".repeat(64 * 1024);
                // More than sockets buffer: writers block, queues fill, producers go on.
                for (EventQueue queue : probe.queues.values()) {
                    for (int event = 0; event < 20; event++) {
                        queue.offer(StreamEvent.of(event, "token", big));
                    }
                }
                HttpResponse<InputStream> response =
                        api.stream("/api/v1/probe/stream/reader", ApiFixture.ANONYMOUS, Map.of());
                try (BufferedReader lines = lines(response)) {
                    probe.queue("reader").offer(StreamEvent.of(1, "token", "through"));
                    assertThat(next(lines)).contains("data: through");
                    probe.queue("reader").finish();
                }
            } finally {
                for (Socket socket : sleepers) {
                    socket.close();
                }
            }
        }
    }

    private static Socket open(ApiFixture api, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(
                InetAddress.ofLiteral("127.0.0.1"), api.uri("/").getPort()));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader lines(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /// The lines up to the next empty one.
    private static List<String> next(BufferedReader lines) throws IOException {
        List<String> event = new ArrayList<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            event.add(line);
        }
        return event;
    }
}
