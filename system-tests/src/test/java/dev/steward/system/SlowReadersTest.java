package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RES-7: readers that don't read cost little and slow nobody.
class SlowReadersTest {

    private static final int READERS = Integer.getInteger("steward.readers", 1_000);

    @TempDir
    Path directory;

    @Test
    void aThousandReadersThatNeverReadDoNotDelayAHealthyOne() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (var model = FaultyModelServer.start();
                StewardProcess steward = StewardProcess.start(directory, KillTest.configuration(model))) {
            model.chunks(300).chunkInterval(Duration.ofMillis(10));
            Person person = Person.register(steward, "ada");
            String turn = person.ask(person.newConversation(), "Tell me a long story.");
            for (int i = 0; i < READERS; i++) {
                sockets.add(neverRead(steward, person, turn));
            }

            Reader.Read read = Reader.follow(person, turn).get();

            assertThat(read.last().kind()).isEqualTo("completed");
            assertThat(read.connections()).isEqualTo(1);
            assertThat(read.text())
                    .isEqualTo(person.get("/api/v1/turns/" + turn).json().path("answer").asString());
            assertThat(steward.status("/health/ready")).isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static Socket neverRead(StewardProcess steward, Person person, String turn) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", steward.port));
        String authorization = person.request("/")
                .build()
                .headers()
                .firstValue("Authorization")
                .orElseThrow();
        OutputStream out = socket.getOutputStream();
        out.write(("GET /api/v1/turns/" + turn + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                        + "Authorization: " + authorization + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }
}
