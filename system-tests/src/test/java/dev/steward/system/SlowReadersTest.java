package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RES-7: readers that don't read cost little, slow nobody, and are cut off in the end.
class SlowReadersTest {

    private static final int READERS = 1_000;
    private static final int STREAMS_LONG = 5_000;

    /// More than the product's goal: this test guards against buffers without bounds, it doesn't measure.
    private static final long BYTES_EACH_MAX = 256 * 1024;

    /// A reader may take nothing for 30 s, as `docs/operating/failures.md` says.
    private static final Duration CUT_OFF_MAX = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final List<Socket> sockets = new ArrayList<>();
    private FaultyModelServer model;
    private StewardProcess steward;
    private Person person;
    private volatile boolean over;

    @BeforeEach
    void start() throws Exception {
        model = FaultyModelServer.start();
        steward = StewardProcess.start(directory, Yaml.oneBackend(model));
        person = Person.register(steward);
    }

    @AfterEach
    void stop() throws Exception {
        over = true;
        for (Socket socket : sockets) {
            socket.close();
        }
        steward.close();
        model.close();
    }

    @Test
    void aThousandSlowReadersDelayNobodyAndAreBounded() throws Exception {
        String turn = longAnswer();
        long before = steward.residentBytes();
        for (int i = 0; i < READERS; i++) {
            Socket socket = open(turn);
            if (i % 2 == 0) {
                readAByteEachSecond(socket);
            }
        }
        Eventually.until("all are being served", Person.PATIENCE, () -> streams() >= READERS);

        model.chunks(300).chunkInterval(Duration.ofMillis(10));
        var late = new Figures("time between events beside 1,000 slow readers");
        Reader healthy = Reader.follow(person, person.ask("Tell me a story."));
        healthy.assertWhole();
        for (int i = 1; i < healthy.events().size(); i++) {
            late.add(Duration.ofNanos(healthy.events().get(i).nanos()
                    - healthy.events().get(i - 1).nanos()));
        }

        assertThat(healthy.ends()).containsExactly(Person.End.TURN);
        long each = (steward.residentBytes() - before) / READERS;
        System.out.println("figure: memory for each of " + READERS + " slow readers: " + each / 1024 + " KiB");
        late.print();
        assertThat(each).isLessThan(BYTES_EACH_MAX);
        // At least those that read nothing at all.
        Eventually.until("who reads nothing is cut off", CUT_OFF_MAX, () -> streams() <= READERS / 2);
        assertThat(steward.status("/health/ready")).isEqualTo(200);
    }

    /// A measurement: nothing but the bound is asserted.
    @Test
    @Tag("long")
    void fiveThousandStreamsOneFifthOfThemSlow() throws Exception {
        String slow = longAnswer();
        model.chunks(100_000).chunkInterval(Duration.ofMillis(200));
        String live = person.ask("Tell me something without end.");
        long before = steward.residentBytes();
        for (int i = 0; i < STREAMS_LONG; i++) {
            if (i % 5 == 0) {
                readAByteEachSecond(open(slow));
            } else {
                readAll(open(live));
            }
        }
        Eventually.until("all are being served", Person.PATIENCE, () -> streams() >= STREAMS_LONG);
        TimeUnit.SECONDS.sleep(20);

        long each = (steward.residentBytes() - before) / STREAMS_LONG;
        System.out.println("figure: memory for each of " + STREAMS_LONG + " streams: " + each / 1024 + " KiB");
        assertThat(each).isLessThan(BYTES_EACH_MAX);
        assertThat(steward.status("/health/ready")).isEqualTo(200);
    }

    /// An answer longer than what the system holds for a connection that nobody reads, and nearly as long as one may be.
    private String longAnswer() throws Exception {
        model.chunks(44_000).chunkInterval(Duration.ZERO);
        String turn = person.ask("Tell me a very long story.");
        Reader.follow(person, turn).assertWhole();
        return turn;
    }

    private int streams() throws IOException, InterruptedException {
        return person.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("event_streams_open"))
                .map(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private Socket open(String turn) throws IOException {
        var socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", steward.port));
        OutputStream out = socket.getOutputStream();
        out.write(("GET /api/v1/turns/" + turn + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                        + "Authorization: Bearer " + person.token() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    private void readAByteEachSecond(Socket socket) {
        Thread.ofVirtual().start(() -> {
            try {
                while (!over && socket.getInputStream().read() >= 0) {
                    TimeUnit.SECONDS.sleep(1);
                }
            } catch (IOException | InterruptedException _) {
                // Cut off, or the test is over.
            }
        });
    }

    private static void readAll(Socket socket) {
        Thread.ofVirtual().start(() -> {
            var buffer = new byte[8_192];
            try {
                while (socket.getInputStream().read(buffer) >= 0) {
                    // Only taken.
                }
            } catch (IOException _) {
                // The test is over.
            }
        });
    }
}
