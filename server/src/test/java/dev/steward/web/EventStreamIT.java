package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.Eventually;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
            PushedEvents queue = probe.queue("a");
            try (BufferedReader lines = lines(response)) {
                queue.push(StreamEvent.of(1, "token", "{\"text\":\"a\"}"));
                assertThat(next(lines)).containsExactly("id: 1", "event: token", "data: {\"text\":\"a\"}");
                queue.push(StreamEvent.of(2, "token", "two\nlines"));
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

    /// A virtual thread that is interrupted while it asks the database closes the database's connection.
    @Test
    void aStopInterruptsNoFeedThatIsBeingAsked() throws Exception {
        var probe = new ProbeController();
        var asked = new BlockingFeed();
        probe.feeds.put("asked", asked);
        ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe));
        try (Socket reader = open(api, "/api/v1/probe/stream/asked")) {
            asked.asked.await();
            api.context().close();
            String answer = new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).contains("data: late").contains("retry: 1000").endsWith("\r\n0\r\n\r\n");
            assertThat(asked.interrupted).isFalse();
        } finally {
            api.postgres().close();
        }
    }

    @Test
    void aReaderThatGoesIsNoticedAtOnceAndLeavesNothingBehind() throws Exception {
        var probe = new ProbeController();
        try (ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe))) {
            MeterRegistry metrics = api.bean(MeterRegistry.class);
            AtomicInteger underway = api.bean(TomcatSettings.class).underway();
            for (int i = 0; i < 1_000; i++) {
                try (Socket reader = open(api, "/api/v1/probe/stream/r" + i)) {
                    assertThat(reader.getInputStream().readNBytes(12))
                            .asString()
                            .isEqualTo("HTTP/1.1 200");
                    // Every other one goes while something is on its way to it.
                    if (i % 2 == 0) {
                        probe.queue("r" + i).push(StreamEvent.of(1, "token", "x"));
                    }
                }
            }
            Eventually.until(
                    "no stream is open",
                    () -> metrics.get("event_streams_open").gauge().value() == 0);
            Eventually.until("nothing is underway", () -> underway.get() == 0);
            assertThat(probe.queues.values())
                    .allSatisfy(queue -> assertThat(queue.ended()).isTrue());
        }
    }

    @Test
    void aClientOfTheOldProtocolGetsTheEventsWithoutChunks() throws Exception {
        var probe = new ProbeController();
        try (ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe));
                Socket reader = connect(api)) {
            probe.queue("old").push(StreamEvent.of(1, "token", "x"));
            probe.queue("old").finish();
            send(reader, "GET /api/v1/probe/stream/old HTTP/1.0\r\n");
            String answer = new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer)
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\nid: 1\nevent: token\ndata: x\n\n");
        }
    }

    @Test
    void aHeadRequestOpensNoStream() throws Exception {
        var probe = new ProbeController();
        try (ApiFixture api = ApiFixture.with(Map.of(ProbeController.class, probe))) {
            Answer answer = api.send("HEAD", "/api/v1/probe/stream/head", ApiFixture.ANONYMOUS, Map.of(), null);

            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
            // The head goes out first.
            Eventually.until("its feed is closed", () -> probe.queue("head").ended());
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
                for (PushedEvents queue : probe.queues.values()) {
                    for (int event = 0; event < 20; event++) {
                        queue.push(StreamEvent.of(event, "token", big));
                    }
                }
                HttpResponse<InputStream> response =
                        api.stream("/api/v1/probe/stream/reader", ApiFixture.ANONYMOUS, Map.of());
                try (BufferedReader lines = lines(response)) {
                    probe.queue("reader").push(StreamEvent.of(1, "token", "through"));
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
        Socket socket = connect(api);
        send(socket, "GET " + path + " HTTP/1.1\r\n");
        return socket;
    }

    private static Socket connect(ApiFixture api) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(
                InetAddress.ofLiteral("127.0.0.1"), api.uri("/").getPort()));
        return socket;
    }

    private static void send(Socket socket, String line) throws IOException {
        socket.getOutputStream()
                .write((line + "Host: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
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

    /// Says what it has only once it is closed, as a query does that takes long.
    private static final class BlockingFeed implements EventFeed {

        final CountDownLatch asked = new CountDownLatch(1);
        final AtomicBoolean interrupted = new AtomicBoolean();
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public List<StreamEvent> next(Duration waitAtMost) {
            asked.countDown();
            try {
                closed.await();
            } catch (InterruptedException _) {
                interrupted.set(true);
            }
            return List.of(StreamEvent.of(1, "token", "late"));
        }

        @Override
        public boolean ended() {
            return closed.getCount() == 0;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
