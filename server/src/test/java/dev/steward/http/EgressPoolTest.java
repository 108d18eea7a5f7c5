package dev.steward.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.testing.Eventually;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPoolTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";

    @AutoClose
    private final EgressPool pool = new EgressPool(new EgressConfig(List.of()));

    private static EgressRequest post(URI uri) {
        return new EgressRequest(
                "POST",
                uri,
                Map.of("Content-Type", "application/json"),
                EgressBody.of("{}".getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    /// Returns when the client has closed or reset the connection.
    private static void awaitHangUp(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isNegative();
        } catch (IOException _) {
            // A reset.
        }
    }

    private String ask(RawServer server) throws IOException {
        try (EgressCall call = pool.open(post(server.uri("/x")))) {
            call.send();
            return new String(call.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void onlyTrustedOriginsOfThePrivateNetworkAreReached() throws Exception {
        try (var server = RawServer.answering(OK)) {
            assertThatThrownBy(() -> ask(server)).isInstanceOf(AddressRefusedException.class);
            assertThat(server.connections()).isZero();

            pool.trust(server.uri("/v1"));
            assertThat(ask(server)).isEqualTo("hi");
        }
    }

    /// Reads what one look gives of an answer that begins with `chunks` and then hangs until the client is gone.
    private String oneRead(String chunks) throws IOException {
        try (var server = new RawServer((socket, _) -> {
            RawServer.readRequest(socket.getInputStream());
            RawServer.write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            awaitHangUp(socket);
        })) {
            pool.trust(server.uri("/"));
            try (EgressCall call = pool.open(post(server.uri("/x")))) {
                call.send();
                byte[] bytes = new byte[1_000];
                int count = call.body().read(bytes, 0, bytes.length);
                return new String(bytes, 0, count, StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void chunksThatCameTogetherAreReadTogether() throws Exception {
        assertThat(oneRead("2\r\nhi\r\n10\r\n, this is more. \r\n00F\r\nand the last on\r\n"))
                .isEqualTo("hi, this is more. and the last on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2\r\nhi", "2\r\nhi\r\n", "2\r\nhi\r\n00000", "2\r\nhi\r\n0000000A\r\n"})
    void aChunkIsGivenWithoutWaitingForTheNext(String chunks) throws Exception {
        assertThat(oneRead(chunks)).isEqualTo("hi");
    }

    @Test
    void whatCameBeforeABrokenChunkIsGivenFirst() throws Exception {
        try (var server = new RawServer((socket, _) -> {
            RawServer.readRequest(socket.getInputStream());
            RawServer.write(
                    socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nthis is no chunk\r\n");
            awaitHangUp(socket);
        })) {
            pool.trust(server.uri("/"));
            try (EgressCall call = pool.open(post(server.uri("/x")))) {
                call.send();
                byte[] bytes = new byte[100];
                assertThat(call.body().read(bytes, 0, 100)).isEqualTo(2);
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> call.body().read(bytes, 0, 100)).isInstanceOf(IOException.class);
                }
            }
        }
    }

    @Test
    void aConnectionWhoseAnswerWasReadToItsEndIsUsedAgain() throws Exception {
        try (var server = RawServer.answering(OK)) {
            pool.trust(server.uri("/"));
            for (int i = 0; i < 5; i++) {
                assertThat(ask(server)).isEqualTo("hi");
            }

            assertThat(server.connections()).isEqualTo(1);
            assertThat(pool.inUse()).isZero();
            assertThat(pool.kept()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionWhoseAnswerWasNotReadToItsEndIsClosed() throws Exception {
        var hangUps = new CountDownLatch(1);
        try (var server = new RawServer((socket, _) -> {
            RawServer.readRequest(socket.getInputStream());
            RawServer.write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
            awaitHangUp(socket);
            hangUps.countDown();
        })) {
            pool.trust(server.uri("/"));
            try (EgressCall call = pool.open(post(server.uri("/x")))) {
                call.send();
                assertThat(call.body().read()).isEqualTo('h');
            }

            Eventually.until("the server sees the hang-up", () -> hangUps.getCount() == 0);
            assertThat(pool.inUse()).isZero();
            assertThat(pool.kept()).isZero();
        }
    }

    @Test
    void aKeptConnectionThatDiedIsReplacedUnseen() throws Exception {
        var requests = new AtomicInteger();
        try (var server = new RawServer((socket, _) -> {
            RawServer.readRequest(socket.getInputStream());
            requests.incrementAndGet();
            RawServer.write(socket, OK);
        })) {
            pool.trust(server.uri("/"));
            for (int i = 0; i < 20; i++) {
                assertThat(ask(server)).isEqualTo("hi");
            }

            assertThat(requests).hasValue(20);
        }
    }

    @Test
    void aNewConnectionThatBreaksIsNotTriedAgain() {
        try (var server = new RawServer((socket, _) -> RawServer.readRequest(socket.getInputStream()))) {
            pool.trust(server.uri("/"));

            assertThatThrownBy(() -> ask(server)).isInstanceOf(IOException.class);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void cancellingFromAnotherThreadEndsAWaitAndTheServerSeesIt() throws Exception {
        var waiting = new CountDownLatch(1);
        var hungUp = new AtomicBoolean();
        try (var server = new RawServer((socket, _) -> {
            RawServer.readRequest(socket.getInputStream());
            waiting.countDown();
            awaitHangUp(socket);
            hungUp.set(true);
        })) {
            pool.trust(server.uri("/"));
            EgressCall call = pool.open(post(server.uri("/x")));
            var failure = new AtomicReference<IOException>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try (call) {
                    call.send();
                } catch (IOException e) {
                    failure.set(e);
                }
            });
            waiting.await();
            call.cancel();
            caller.join();

            assertThat(failure.get()).isNotNull();
            Eventually.until("the server sees the hang-up", hungUp::get);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(pool.inUse()).isZero();
        }
    }

    @Test
    void aCallThatWasCancelledBeforeSendsNothing() {
        try (var server = RawServer.answering(OK)) {
            pool.trust(server.uri("/"));
            EgressCall call = pool.open(post(server.uri("/x")));
            call.cancel();

            assertThatThrownBy(call::send).isInstanceOf(IOException.class);
            assertThat(pool.inUse()).isZero();
        }
    }

    @Test
    void theAnswersTimeAndTheTimeBetweenReadsAreLimitsOfTheirOwn() throws Exception {
        try (var server = new RawServer((socket, connection) -> {
            RawServer.readRequest(socket.getInputStream());
            if (connection == 2) {
                RawServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh");
            }
            socket.getInputStream().read();
        })) {
            pool.trust(server.uri("/"));
            var request = new EgressRequest(
                    "GET", server.uri("/"), Map.of(), null, Duration.ofSeconds(5), Duration.ofMillis(50));
            try (EgressCall silent = pool.open(request)) {
                assertThatThrownBy(silent::send).isInstanceOf(SocketTimeoutException.class);
            }
            try (EgressCall stalling = pool.open(post(server.uri("/")))) {
                stalling.send();
                assertThat(stalling.body().read()).isEqualTo('h');
                stalling.readTimeout(Duration.ofMillis(50));
                assertThatThrownBy(() -> stalling.body().read()).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aThousandCallsAtOnceShareWithoutLosingAConnection() throws Exception {
        try (var server = RawServer.answering(OK)) {
            pool.trust(server.uri("/"));
            var good = new AtomicInteger();
            List<Thread> callers = IntStream.range(0, 200)
                    .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                        for (int i = 0; i < 5; i++) {
                            try {
                                good.addAndGet(ask(server).equals("hi") ? 1 : 0);
                            } catch (IOException _) {
                                // Not counted.
                            }
                        }
                    }))
                    .toList();
            for (Thread caller : callers) {
                caller.join();
            }

            assertThat(good).hasValue(1_000);
            assertThat(pool.inUse()).isZero();
        }
    }
}
